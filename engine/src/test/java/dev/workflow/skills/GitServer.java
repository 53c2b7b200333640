package dev.workflow.skills;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** A git repository that a server of this machine offers, with whatever trees a test puts there. */
final class GitServer implements AutoCloseable {
  private final HttpServer server;
  private final InMemoryRepository repository;
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private ObjectId head = ObjectId.zeroId();

  GitServer() throws IOException {
    QuietGit.use();
    repository = new InMemoryRepository(new DfsRepositoryDescription("served"));
    repository.updateRef(Constants.HEAD).link("refs/heads/main");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/skills.git/", this::handle);
    server.start();
  }

  /** An entry of a tree. */
  record Entry(String name, FileMode mode, ObjectId id) {}

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/skills.git";
  }

  /** What stood in the Authorization header of each request that had one. */
  List<String> authorizations() {
    return authorizations;
  }

  ObjectId ref(String name) throws IOException {
    Ref ref = Objects.requireNonNull(repository.exactRef(name));
    return Objects.requireNonNull(ref.getObjectId());
  }

  ObjectId blob(String text) throws IOException {
    return blob(text.getBytes(StandardCharsets.UTF_8));
  }

  ObjectId blob(byte[] bytes) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(Constants.OBJ_BLOB, bytes);
      inserter.flush();
      return id;
    }
  }

  static Entry entry(String name, FileMode mode, ObjectId id) {
    return new Entry(name, mode, id);
  }

  /** A tree of just these entries; git itself would refuse some of them. */
  ObjectId tree(Entry... entries) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      TreeFormatter tree = new TreeFormatter();
      for (Entry entry : entries) {
        byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
        tree.append(name, 0, name.length, entry.mode(), entry.id());
      }
      ObjectId id = inserter.insert(tree);
      inserter.flush();
      return id;
    }
  }

  /** The tree of ordinary files, by their paths. */
  ObjectId tree(Map<String, String> files) throws IOException {
    Map<String, Map<String, String>> folders = new TreeMap<>();
    Map<String, Entry> entries = new TreeMap<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      int slash = file.getKey().indexOf('/');
      if (slash < 0) {
        entries.put(
            file.getKey(), entry(file.getKey(), FileMode.REGULAR_FILE, blob(file.getValue())));
      } else {
        folders
            .computeIfAbsent(file.getKey().substring(0, slash), name -> new TreeMap<>())
            .put(file.getKey().substring(slash + 1), file.getValue());
      }
    }
    for (Map.Entry<String, Map<String, String>> folder : folders.entrySet()) {
      entries.put(
          folder.getKey() + "/", entry(folder.getKey(), FileMode.TREE, tree(folder.getValue())));
    }
    return tree(entries.values().toArray(Entry[]::new));
  }

  /** Commits a tree to the main branch. */
  String commit(ObjectId tree) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(tree);
      if (!head.equals(ObjectId.zeroId())) {
        commit.setParentId(head);
      }
      commit.setAuthor(new PersonIdent("a", "a@localhost"));
      commit.setCommitter(new PersonIdent("a", "a@localhost"));
      commit.setMessage("x");
      head = inserter.insert(commit);
      inserter.flush();
    }
    point("refs/heads/main", head);
    return head.name();
  }

  String commit(Map<String, String> files) throws IOException {
    return commit(tree(files));
  }

  void tag(String name) throws IOException {
    point(Constants.R_TAGS + name, head);
  }

  private void point(String name, ObjectId id) throws IOException {
    RefUpdate update = repository.updateRef(name);
    update.setNewObjectId(id);
    update.setForceUpdate(true);
    update.update();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null) {
      authorizations.add(authorization);
    }
    String path = exchange.getRequestURI().getPath();
    String service =
        path.endsWith("/info/refs")
            ? exchange.getRequestURI().getQuery().replace("service=", "")
            : path.substring(path.lastIndexOf('/') + 1);
    boolean advertises = path.endsWith("/info/refs");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (exchange) {
      String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
      InputStream in =
          "gzip".equals(encoding)
              ? new GZIPInputStream(exchange.getRequestBody())
              : exchange.getRequestBody();
      if (advertises) {
        PacketLineOut line = new PacketLineOut(out);
        line.writeString("# service=" + service + "\n");
        line.end();
        advertise(service, new PacketLineOutRefAdvertiser(line), exchange);
      } else {
        serve(service, in, out, exchange);
      }
      exchange
          .getResponseHeaders()
          .add(
              "Content-Type",
              "application/x-" + service + (advertises ? "-advertisement" : "-result"));
      exchange.sendResponseHeaders(200, out.size() == 0 ? -1 : out.size());
      exchange.getResponseBody().write(out.toByteArray());
    }
  }

  private void advertise(String service, PacketLineOutRefAdvertiser line, HttpExchange exchange)
      throws IOException {
    if (service.equals("git-upload-pack")) {
      upload(exchange).sendAdvertisedRefs(line, service);
    } else {
      ReceivePack receive = new ReceivePack(repository);
      receive.sendAdvertisedRefs(line);
    }
  }

  private void serve(
      String service, InputStream in, ByteArrayOutputStream out, HttpExchange exchange)
      throws IOException {
    if (service.equals("git-upload-pack")) {
      UploadPack upload = upload(exchange);
      upload.upload(in, out, null);
    } else {
      ReceivePack receive = new ReceivePack(repository);
      receive.setBiDirectionalPipe(false);
      receive.receive(in, out, null);
    }
  }

  private UploadPack upload(HttpExchange exchange) {
    UploadPack upload = new UploadPack(repository);
    upload.setBiDirectionalPipe(false);
    String protocol = exchange.getRequestHeaders().getFirst("Git-Protocol");
    if (protocol != null) {
      upload.setExtraParameters(List.of(protocol));
    }
    return upload;
  }

  @Override
  public void close() {
    server.stop(0);
    repository.close();
  }
}
