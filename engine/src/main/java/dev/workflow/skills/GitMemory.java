package dev.workflow.skills;

import dev.workflow.definition.Rule;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.transport.PackParser;
import org.eclipse.jgit.util.FS;

/**
 * A git repository in memory: it has no folder, hence no hooks, no configuration, no work tree and
 * no filters. What it takes in is bounded while it arrives.
 */
final class GitMemory extends InMemoryRepository {
  private static final int HEADER = 12;
  private static final int COUNT = 8;

  private final String where;
  private final PackageLimits limits;

  GitMemory(String where, PackageLimits limits) {
    super(new DfsRepositoryDescription(where));
    this.where = where;
    this.limits = limits;
  }

  @Override
  public FS getFS() {
    return FS.DETECTED; // to find a repository of this machine
  }

  /** The library's own reader forgets that commits were fetched without those before them. */
  @Override
  public ObjectReader newObjectReader() {
    return new Shallow(super.newObjectReader());
  }

  private final class Shallow extends ObjectReader.Filter {
    private final ObjectReader reader;

    Shallow(ObjectReader reader) {
      this.reader = reader;
    }

    @Override
    protected ObjectReader delegate() {
      return reader;
    }

    @Override
    public ObjectReader newReader() {
      return newObjectReader();
    }

    @Override
    public Set<ObjectId> getShallowCommits() throws IOException {
      return getObjectDatabase().getShallowCommits();
    }
  }

  @Override
  public ObjectInserter newObjectInserter() {
    ObjectInserter inserter = super.newObjectInserter();
    return new ObjectInserter.Filter() {
      @Override
      protected ObjectInserter delegate() {
        return inserter;
      }

      @Override
      public PackParser newPackParser(InputStream in) throws IOException {
        PackParser parser = super.newPackParser(new Pack(in));
        parser.setMaxObjectSizeLimit(limits.downloadBytes());
        return parser;
      }
    };
  }

  /** Looks at how many objects are announced, since memory is taken for that many. */
  private final class Pack extends FilterInputStream {
    private long at;
    private long objects;

    Pack(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = super.read(bytes, from, length);
      for (int i = 0; i < read && at + i < HEADER; i++) {
        if (at + i >= COUNT) {
          objects = objects << Byte.SIZE | (bytes[from + i] & 0xFF);
        }
      }
      at += Math.max(0, read);
      if (at >= HEADER && objects > limits.objects()) {
        throw SkillPackageException.refused(
            Rule.PACKAGE_SIZE,
            where,
            "Expected at most %,d objects in a commit, found %,d."
                .formatted(limits.objects(), objects),
            "Nothing was installed.");
      }
      return read;
    }
  }
}
