/** The laws of the kernel and the worlds they are tried in. */
@NullMarked
package dev.workflow.run;

import org.jspecify.annotations.NullMarked;
