/**
 * Which tool, or which skill, does what some words ask for: {@link
 * dev.workflow.ranking.ToolRanking} is the front door.
 */
@org.jspecify.annotations.NullMarked
package dev.workflow.ranking;
