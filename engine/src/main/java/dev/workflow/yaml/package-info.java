/**
 * Reads YAML into a JSON tree that remembers the line and column of every value, and from it
 * workflows in short and long form: {@link dev.workflow.yaml.YamlDocuments} is the front door. Home
 * of SnakeYAML Engine.
 */
@NullMarked
package dev.workflow.yaml;

import org.jspecify.annotations.NullMarked;
