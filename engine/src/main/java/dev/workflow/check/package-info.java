/**
 * The one check of a workflow, before anything is started or spent: {@link
 * dev.workflow.check.Checker} is the front door, {@link dev.workflow.check.RunInputs} the one for
 * the inputs of a run.
 */
@org.jspecify.annotations.NullMarked
package dev.workflow.check;
