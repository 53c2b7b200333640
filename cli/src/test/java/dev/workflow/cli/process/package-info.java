/** Tests of the command line as a process: started, killed, and looked at from outside. */
@NullMarked
package dev.workflow.cli.process;

import org.jspecify.annotations.NullMarked;
