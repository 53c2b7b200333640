/**
 * Where untrusted content and private data come together and can leave, without a person who sees
 * it: {@link dev.workflow.check.flow.InformationFlow} is the front door.
 */
@org.jspecify.annotations.NullMarked
package dev.workflow.check.flow;
