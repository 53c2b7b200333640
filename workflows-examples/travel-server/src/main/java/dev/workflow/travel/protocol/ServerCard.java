package dev.workflow.travel.protocol;

/** How the server introduces itself at {@code initialize}. */
public record ServerCard(String name, String title, String version, String instructions) {}
