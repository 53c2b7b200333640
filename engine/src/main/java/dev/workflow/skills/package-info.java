/**
 * Skill folders and the vocabulary by which their capabilities are bound to tools: {@link
 * dev.workflow.skills.SkillFolders} is the front door. Files only; nothing is started.
 */
@org.jspecify.annotations.NullMarked
package dev.workflow.skills;
