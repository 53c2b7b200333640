/**
 * Cases that test a workflow without keys: what stands in them, the tools they mock, and a time
 * that passes only when nothing else is left to do. Begin at {@link dev.workflow.cases.CaseFile};
 * it is run by the assembly.
 */
@NullMarked
package dev.workflow.cases;

import org.jspecify.annotations.NullMarked;
