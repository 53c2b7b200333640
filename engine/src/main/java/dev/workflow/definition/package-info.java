/**
 * What the author wrote, as records that are sound by construction: {@link
 * dev.workflow.definition.Workflow} is the front door. No input, no output, no third party but the
 * read-only JSON tree.
 */
@NullMarked
package dev.workflow.definition;

import org.jspecify.annotations.NullMarked;
