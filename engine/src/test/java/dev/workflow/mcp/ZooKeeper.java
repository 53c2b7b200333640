package dev.workflow.mcp;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/** A process that visits all hostile servers, so that its memory can be bounded from outside. */
public final class ZooKeeper {
  private ZooKeeper() {}

  /** Arguments: an empty folder, and how many to visit at a time. Prints each visit as JSON. */
  public static void main(String[] args) {
    try (Zoo zoo = new Zoo(Path.of(args[0]));
        ExecutorService visitors = Executors.newFixedThreadPool(Integer.parseInt(args[1]))) {
      for (Hostile hostile : Hostile.all()) {
        visitors.execute(
            () -> {
              String visit = JsonMapper.shared().writeValueAsString(zoo.visit(hostile));
              synchronized (zoo) {
                System.out.println(visit);
              }
            });
      }
    }
  }
}
