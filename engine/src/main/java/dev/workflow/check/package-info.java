/** The one check of a workflow, before anything is started or spent. */
@org.jspecify.annotations.NullMarked
package dev.workflow.check;
