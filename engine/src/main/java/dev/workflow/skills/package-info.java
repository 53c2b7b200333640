/** Loads skill folders and binds the capabilities they require to tools. */
@org.jspecify.annotations.NullMarked
package dev.workflow.skills;
