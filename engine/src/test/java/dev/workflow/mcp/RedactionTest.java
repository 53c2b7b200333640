package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Masking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'env':{'API_KEY':'abc123def'}}|{'env':{'API_KEY':'[secret]'}}",
        "{'env':{'MODE':'fast','N':'3','P':'/srv/x'}}|{'env':{'MODE':'fast','N':'3','P':'/srv/x'}}",
        "{'env':{'A':'${B}','KEY':'${B:-abc123}'}}|{'env':{'A':'${B}','KEY':'${B:-[secret]}'}}",
        "{'headers':{'Authorization':'Bearer ${T}'}}|{'headers':{'Authorization':'Bearer ${T}'}}",
        "{'headers':{'X':'some long value'}}|{'headers':{'X':'[secret]'}}",
        "{'args':['--token','abc','--x','y']}|{'args':['--token','[secret]','--x','y']}",
        "{'args':['--api-key=abc','--n=3']}|{'args':['--api-key=[secret]','--n=3']}",
        "{'args':['API_KEY=abc','--key','${K}']}|{'args':['API_KEY=[secret]','--key','${K}']}",
        "{'args':['--header','Authorization: Bearer abcdefgh']}|{'args':['--header','Authorization: [secret]']}",
        "{'args':['--header','X: Bearer abcdefgh']}|{'args':['--header','X: Bearer [secret]']}",
        "{'args':['sk-abcdefghijklmnop','https://a:b@h/p?token=q&n=1']}|{'args':['[secret]','https://[secret]@h/p?token=[secret]&n=1']}",
        "{'url':'https://h/mcp?api_key=abc'}|{'url':'https://h/mcp?api_key=[secret]'}",
        "{'x-a':{'oauth':{'clientSecret':'abc','scopes':['read']}}}|{'x-a':{'oauth':{'clientSecret':'[secret]','scopes':['read']}}}",
      })
  void secretsAreHiddenAndNothingElse(String entry, String shown) {
    assertThat(Redaction.of(Entries.json(entry))).isEqualTo(Entries.json(shown));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghp_abcdefghijklmnopqrst",
        "github_pat_11ABCDEFG_abcdefgh",
        "xoxb-1234567890-abcdef",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJ",
        "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE",
        "0123456789abcdef0123456789abcdef01234567"
      })
  void keysOfKnownFormsAreHiddenWhereverTheyStand(String key) {
    assertThat(Redaction.plain("before " + key + " behind"))
        .isEqualTo("before " + Masking.MASK + " behind");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@modelcontextprotocol/server-filesystem@2026.8.31",
        "/home/me/Projects/some-very-long-folder-name-of-a-project/index.js",
        "https://mcp.example.com/mcp?workspace=blue",
        "a description of what it does: it reads"
      })
  void ordinaryWordsStay(String text) {
    assertThat(Redaction.plain(text)).isEqualTo(text);
  }

  @Test
  void whatIsHiddenIsKnownAsASecretAndComesBackFromItsFile() {
    assertThat(
            WrittenSecrets.of(
                Entries.json(
                    "{'args':['--token=planted-1','--key','planted-2'],'env':{'PASSWORD':'planted-3'}}")))
        .contains("planted-1", "planted-2", "planted-3");
  }
}
