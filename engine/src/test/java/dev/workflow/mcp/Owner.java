package dev.workflow.mcp;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A process that starts a fake server and waits to be killed. */
public final class Owner {
  private Owner() {}

  /** Arguments: the home folder, then the habits of the server. Prints the server's process id. */
  public static void main(String[] args) throws InterruptedException {
    List<String> habits = List.of(args).subList(1, args.length);
    Supervisor supervisor =
        new Supervisor(
            new ChildRegistry(Path.of(args[0])),
            Map.of("PATH", System.getenv("PATH")),
            ProcessTree.Patience.DEFAULT);
    Child child = supervisor.start("fake", Fakes.launch(habits.toArray(String[]::new)));
    Fakes.await("the server spawned", () -> !child.lastErrors().isEmpty());
    System.out.println(child.pid() + " " + child.lastErrors().getFirst().replace("spawned ", ""));
    new CountDownLatch(1).await();
  }
}
