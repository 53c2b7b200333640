package dev.workflow.mcp;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which values must never be written anywhere. Everything that came from a variable is secret, and
 * so is every value of {@code env} and {@code headers} that does not plainly say that it is none: a
 * number, a single word, a path or an address. A value whose field's name speaks of a secret always
 * is one.
 */
final class Secrets {
  private static final Pattern TELLING_NAME =
      Pattern.compile(
          ".*(key|token|secret|pass|pwd|auth|credential|cookie|private|session|signature|dsn|webhook).*"
              + "|(.*[^a-z])?(pin|pat|pw)([^a-z].*)?");

  /** Wider than addresses allow: who wrote a password with a question mark meant it as one. */
  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/\\s]+(?=@)");

  private static final Pattern USER_OF_ADDRESS = Pattern.compile("(?<=://)[^/?#\\s]+@");

  private static final Pattern HARMLESS =
      Pattern.compile("[A-Za-z]{1,15}|[0-9.:,_-]+|~?\\.{0,2}/[^\\s:@]*|https?://[^\\s@?]*");

  private Secrets() {}

  /** The secrets in one value as it is written: a text made of variables holds none itself. */
  static Set<String> written(String field, String text) {
    return Expansion.variables(text).isEmpty() ? in(field, text) : Set.of();
  }

  /** Whether a field is named like a secret and holds one, written out. */
  static boolean isPlainlyWritten(String field, String text) {
    return isTelling(field) && !written(field, text).isEmpty();
  }

  /** Whether a field is named like a secret. */
  static boolean isTelling(String field) {
    return !field.equals("authServerMetadataUrl")
        && TELLING_NAME.matcher(field.toLowerCase(Locale.ROOT)).matches();
  }

  /** The secrets in one value of an entry's {@code env} or {@code headers}, as expanded. */
  static Set<String> in(String field, String value) {
    Set<String> secrets = new LinkedHashSet<>();
    if (value.isBlank() || (!isTelling(field) && HARMLESS.matcher(value).matches())) {
      return secrets;
    }
    secrets.add(value);
    int space = value.indexOf(' ');
    if (space > 0) {
      secrets.add(value.substring(space + 1).strip());
    }
    secrets.addAll(passwords(value));
    return secrets;
  }

  /** A text with something else in the place of the users and passwords of its addresses. */
  static String withoutUserInfo(String text, String instead) {
    return USER_INFO.matcher(text).replaceAll(Matcher.quoteReplacement(instead));
  }

  /** Whether an address, whose variables need not be replaced, has a user as requests know it. */
  static boolean namesUser(String address) {
    return USER_OF_ADDRESS.matcher(address).find();
  }

  /** The users of the addresses of a text, with their passwords. */
  static Set<String> userInfo(String text) {
    Set<String> users = new LinkedHashSet<>();
    Matcher matcher = USER_INFO.matcher(text);
    while (matcher.find()) {
      users.add(matcher.group());
    }
    return users;
  }

  /** The passwords in the addresses of a text, as they are written and as they are meant. */
  static Set<String> passwords(String text) {
    Set<String> passwords = new LinkedHashSet<>();
    for (String user : userInfo(text)) {
      String password = user.substring(user.indexOf(':') + 1);
      if (password.length() == user.length()) {
        continue;
      }
      passwords.add(password);
      try {
        passwords.add(URLDecoder.decode(password, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException notEncoded) {
        // then it is meant as it is written
      }
    }
    return passwords;
  }
}
