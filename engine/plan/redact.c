/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Replaces private data in facts, each original by one replacement.
 *
 * First, the values of fields that are declared private are collected: they are private wherever
 * they occur. Then every text is rewritten. Nothing here depends on a system: the declarations
 * say what is private, and only forms that look the same everywhere (addresses, UUIDs, URIs,
 * secrets after a word such as "password") are found without them.
 */
#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "lang/uses.h"
#include "plan/redact.h"

/* Shorter names and parts of names are replaced only in fields that are declared private,
 * since they are common words too. */
#define WORD_MIN 3
#define PART_MIN 4
/* The name of a device may contain a serial number that is cut off after so many characters. */
#define SERIAL_CUT 20
/* The longest text of an IPv6 address, and a bit more. */
#define IPV6_MAX 48
/* Digits of a UUID. */
#define UUID_DIGITS 32

/* Beside the kinds of lang/schema.h. */
enum { KIND_URI = V2V_PRIVACIES, KIND_SECRET, KINDS };

/* For the comment at the beginning. */
static const struct {
  const char *one, *many;
} kind_names[KINDS] = {
    [V2V_PRIVACY_NAME] = {"name", "names"},
    [V2V_PRIVACY_ADDRESS] = {"network address", "network addresses"},
    [V2V_PRIVACY_MAC] = {"hardware address", "hardware addresses"},
    [V2V_PRIVACY_UUID] = {"UUID", "UUIDs"},
    [V2V_PRIVACY_SERIAL] = {"serial number", "serial numbers"},
    [V2V_PRIVACY_PATH] = {"part of a path", "parts of paths"},
    [KIND_URI] = {"URI", "URIs"},
    [KIND_SECRET] = {"secret", "secrets"},
};

/* What rules compare a field with. */
typedef struct {
  const char *text;
  gboolean glob;
} Literal;

typedef struct {
  char *text; /* lower case */
  const char *by;
  gboolean anywhere; /* also replaced within longer words */
} Word;

typedef struct {
  V2vStore *store;
  GHashTable *literals;          /* V2vField -> GArray of Literal */
  GHashTable *plain;             /* char *: words that rules contain, so they are public */
  GHashTable *plain_directories; /* char *: parts of paths */
  GHashTable *versions;          /* interned texts */
  gboolean in_path;              /* what is scanned is a path */
  GHashTable *replacements;      /* "KIND original" (char *) -> char * */
  GPtrArray *words[256];         /* by first byte: Word, the longest first */
  guint counts[KINDS];
  GRegex *mac, *uuid, *ipv4, *uri, *secret, *wwn;
} Redact;

static void
word_free (gpointer data)
{
  g_free (((Word *)data)->text);
  g_free (data);
}

/* ---- what rules name ---- */

static void
note_literal (Redact *redact, const V2vOperand *subject, const V2vOperand *value, gboolean glob)
{
  const Literal literal = {value->value.kind == V2V_TEXT ? value->value.text : NULL, glob};
  GArray *list;

  if (value->kind != V2V_OPERAND_CONST || !literal.text)
    return;
  g_hash_table_add (redact->plain, g_ascii_strdown (literal.text, -1));
  if (strchr (literal.text, '/')) {
    g_auto (GStrv) parts = g_strsplit (literal.text, "/", -1);

    for (guint i = 0; parts[i]; i++)
      g_hash_table_add (redact->plain_directories, g_strdup (parts[i]));
  }
  if (!subject->field)
    return;
  list = g_hash_table_lookup (redact->literals, subject->field);
  if (!list) {
    list = g_array_new (FALSE, FALSE, sizeof (Literal));
    g_hash_table_insert (redact->literals, subject->field, list);
  }
  g_array_append_val (list, literal);
}

static gboolean
note_use (const V2vUse *use, gpointer data)
{
  if (use->kind == V2V_USE_OPERAND && use->comparison)
    note_literal (data, &use->comparison->subject, use->operand,
                  use->comparison->op == V2V_GLOB);
  return TRUE;
}

/* Values that rules conclude: other rules may compare them. */
static void
note_values (Redact *redact, const GArray *values)
{
  const V2vOperand none = {0};

  for (guint i = 0; values && i < values->len; i++)
    note_literal (redact, &none, &g_array_index (values, V2vOperand, i), FALSE);
}

static void
note_rules (Redact *redact, const V2vRuleSet *rules)
{
  GHashTableIter iter;
  gpointer words;

  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = rules->rules->pdata[i];

    v2v_clauses_use (rule->clauses, note_use, redact);
    for (guint j = 0; j < rule->heads->len; j++) {
      note_values (redact, ((const V2vHead *)rule->heads->pdata[j])->values);
      note_values (redact, ((const V2vHead *)rule->heads->pdata[j])->args);
    }
  }
  for (guint i = 0; i < rules->providers->len; i++)
    v2v_clauses_use (((const V2vProvider *)rules->providers->pdata[i])->clauses, note_use,
                     redact);
  for (guint i = 0; i < rules->probes->len; i++)
    v2v_clauses_use (((const V2vProbe *)rules->probes->pdata[i])->clauses, note_use, redact);
  g_hash_table_iter_init (&iter, rules->schema->enums);
  while (g_hash_table_iter_next (&iter, NULL, &words)) {
    GHashTableIter known;
    gpointer word;

    g_hash_table_iter_init (&known, ((const V2vEnum *)words)->canonical);
    while (g_hash_table_iter_next (&known, &word, NULL))
      g_hash_table_add (redact->plain, g_ascii_strdown (word, -1));
  }
}

/* Would a rule see a difference if TEXT were replaced? */
static gboolean
is_literal (const Redact *redact, const V2vField *field, const char *text)
{
  const GArray *list = g_hash_table_lookup (redact->literals, field);

  for (guint i = 0; list && i < list->len; i++) {
    const Literal *literal = &g_array_index (list, Literal, i);

    if (literal->glob ? v2v_glob_match (literal->text, text)
                      : strcmp (literal->text, text) == 0)
      return TRUE;
  }
  return FALSE;
}

/* ---- replacements ---- */

static void
add_word (Redact *redact, const char *text, const char *by, gboolean anywhere)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  GPtrArray **list = &redact->words[(guchar)lower[0]];
  Word *word;
  guint at = 0;

  if (!*lower || g_hash_table_contains (redact->plain, lower))
    return;
  if (!*list)
    *list = g_ptr_array_new_with_free_func (word_free);
  for (guint i = 0; i < (*list)->len; i++) {
    const Word *other = (*list)->pdata[i];

    if (strcmp (other->text, lower) == 0)
      return;
    if (strlen (other->text) >= strlen (lower))
      at = i + 1;
  }
  word = g_new (Word, 1);
  word->text = g_steal_pointer (&lower);
  word->by = by;
  word->anywhere = anywhere;
  g_ptr_array_insert (*list, (gint)at, word);
}

/* The digits of TEXT, lower case. */
static char *
digits_of (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (; *text; text++)
    if (g_ascii_isalnum (*text))
      g_string_append_c (digits, g_ascii_tolower (*text));
  return g_string_free (digits, FALSE);
}

/* Puts the digits of NUMBER, in base 16, at the end of TEXT, which has the form of the
 * original, and zeros before them. */
static void
fill_digits (char *text, guint number)
{
  for (gsize i = strlen (text); i > 0; i--)
    if (g_ascii_isalnum (text[i - 1])) {
      text[i - 1] = "0123456789abcdef"[number % 16];
      number /= 16;
    }
}

static char *
new_address (guint number, gboolean six)
{
  static const char *const documentation[] = {"192.0.2", "198.51.100", "203.0.113"};
  const guint hosts = 254;

  if (six)
    return g_strdup_printf ("2001:db8::%x", number);
  number--;
  if (number < hosts * G_N_ELEMENTS (documentation))
    return g_strdup_printf ("%s.%u", documentation[number / hosts], number % hosts + 1);
  /* When the addresses reserved for documentation are used up, those reserved for benchmarks
   * follow. */
  number -= hosts * G_N_ELEMENTS (documentation);
  return g_strdup_printf ("198.%u.%u.%u", 18 + (number >> 16 & 1), number >> 8 & 255,
                          number & 255);
}

/* The replacement for ORIGINAL, the canonical form of what TEXT contains. */
static const char *
replacement (Redact *redact, guint kind, const char *original, const char *text)
{
  g_autofree char *key = g_strdup_printf ("%u %s", kind, original);
  char *by = g_hash_table_lookup (redact->replacements, key);
  guint number;

  if (by)
    return by;
  number = ++redact->counts[kind];
  switch (kind) {
  case V2V_PRIVACY_ADDRESS:
    by = new_address (number, strchr (text, ':') != NULL);
    break;
  case V2V_PRIVACY_MAC:
  case V2V_PRIVACY_UUID:
    /* The stored replacement gets the form of the original in this place: see shaped. */
    by = g_strdup_printf ("%u", number);
    break;
  case V2V_PRIVACY_SERIAL:
    by = g_strdup_printf ("serial-%u", number);
    break;
  case V2V_PRIVACY_PATH:
    by = g_strdup_printf ("path-%u", number);
    break;
  case KIND_URI:
    by = g_strdup_printf ("uri-%u", number);
    break;
  case KIND_SECRET:
    by = g_strdup_printf ("secret-%u", number);
    break;
  default:
    by = g_strdup_printf ("name-%u", number);
  }
  g_hash_table_insert (redact->replacements, g_steal_pointer (&key), by);
  return by;
}

/* Hardware addresses and UUIDs keep their form: colons, dashes, length. */
static const char *
shaped (Redact *redact, guint kind, const char *text)
{
  g_autofree char *digits = digits_of (text), *shape = g_strdup (text);
  const guint number =
      (guint)g_ascii_strtoull (replacement (redact, kind, digits, text), NULL, 10);
  guint nth = 0;

  fill_digits (shape, number);
  for (gsize i = 0; shape[i]; i++) {
    if (!g_ascii_isalnum (shape[i]))
      continue;
    if (kind == V2V_PRIVACY_MAC && nth == 1)
      shape[i] = '2'; /* locally administered */
    /* Version and variant of a UUID of random digits. */
    if (kind == V2V_PRIVACY_UUID && strlen (digits) == UUID_DIGITS && (nth == 12 || nth == 16))
      shape[i] = nth == 12 ? '4' : '8';
    nth++;
  }
  return v2v_intern (shape);
}

/* ---- forms that need no declaration ---- */

/* How many bytes of TEXT (of LENGTH) at AT have the form of REGEX; 0: none. */
static gsize
matches (const GRegex *regex, const char *text, gsize length, gsize at)
{
  g_autoptr (GMatchInfo) info = NULL;
  int end = 0;

  if (!g_regex_match_full (regex, text, (gssize)length, (gint)at, G_REGEX_MATCH_ANCHORED, &info,
                           NULL))
    return 0;
  g_match_info_fetch_pos (info, 0, NULL, &end);
  return (gsize)end - at;
}

static gboolean
has_form (const GRegex *regex, const char *text)
{
  return matches (regex, text, strlen (text), 0) == strlen (text);
}

/* Addresses that identify nobody: loopback, unspecified, netmasks. */
static gboolean
is_common_address (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return !address || g_inet_address_get_is_any (address) ||
         g_inet_address_get_is_loopback (address) || g_str_has_prefix (text, "255.");
}

/* The length of the IPv6 address at AT; 0: there is none. */
static gsize
ipv6_length (const char *text, gsize at)
{
  gsize length = 0;

  while (length <= IPV6_MAX && text[at + length] &&
         strchr ("0123456789abcdefABCDEF:.", text[at + length]))
    length++;
  if (length > IPV6_MAX)
    return 0;

  /* It may end a sentence, or be followed by a port or a device. */
  for (; length > 1; length--) {
    g_autofree char *part = g_strndup (text + at, length);
    g_autoptr (GInetAddress) address =
        strchr (part, ':') ? g_inet_address_new_from_string (part) : NULL;

    if (address && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
      return g_ascii_isalnum (text[at + length]) ? 0 : length;
    if (!strchr (":.", part[length - 1]))
      break;
  }
  return 0;
}

/* If the text from AT to END begins with something that has the form of private data: its
 * length, and the replacement. */
static gsize
private_form (Redact *redact, const char *text, gsize end, gsize at, const char **by_r)
{
  g_autofree char *part = NULL;
  gsize length;

  /* Not within a longer word: that would be wrong, and would take quadratic time. */
  const gboolean first =
      at == 0 || !(g_ascii_isalnum (text[at - 1]) || strchr ("_.+-", text[at - 1]));

  if (first && (length = matches (redact->secret, text, end, at)) > 0) {
    const gsize value = (gsize)(strchr (text + at, '=') + 1 - text);
    g_autofree char *telling = g_strndup (text + at, value - at);
    g_autofree char *whole = NULL;

    part = g_strndup (text + value, at + length - value);
    whole = g_strconcat (telling, replacement (redact, KIND_SECRET, part, part), NULL);
    *by_r = v2v_intern (whole);
    return length;
  }
  if (first && (length = matches (redact->uri, text, end, at)) > 0) {
    const gsize rest = (gsize)(strstr (text + at, "://") + 3 - text);
    g_autofree char *scheme = g_strndup (text + at, rest - at);
    g_autofree char *whole = NULL;

    part = g_strndup (text + rest, at + length - rest);
    whole = g_strconcat (scheme, replacement (redact, KIND_URI, part, part), NULL);
    *by_r = v2v_intern (whole);
    return length;
  }
  if ((length = matches (redact->uuid, text, end, at)) > 0) {
    part = g_strndup (text + at, length);
    *by_r = shaped (redact, V2V_PRIVACY_UUID, part);
    return length;
  }
  if ((length = matches (redact->mac, text, end, at)) > 0) {
    part = g_strndup (text + at, length);
    *by_r = shaped (redact, V2V_PRIVACY_MAC, part);
    return length;
  }
  if ((length = matches (redact->wwn, text, end, at)) > 0) {
    part = g_ascii_strdown (text + at, (gssize)length);
    *by_r = replacement (redact, V2V_PRIVACY_SERIAL, part, part);
    return length;
  }
  length = matches (redact->ipv4, text, end, at);
  if (length == 0)
    length = ipv6_length (text, at);
  part = g_strndup (text + at, length);
  /* The version in the path of a kernel may look like an address. */
  if (length == 0 || is_common_address (part) ||
      (redact->in_path && g_hash_table_contains (redact->versions, part)))
    return 0;
  *by_r = replacement (redact, V2V_PRIVACY_ADDRESS, part, part);
  return length;
}

/* The longest word at AT that is private in another field. */
static gsize
private_word (const Redact *redact, const char *text, gsize at, gboolean begins,
              const char **by_r)
{
  const GPtrArray *list = redact->words[(guchar)g_ascii_tolower (text[at])];

  for (guint i = 0; list && i < list->len; i++) {
    const Word *word = list->pdata[i];
    const gsize length = strlen (word->text);

    if (g_ascii_strncasecmp (text + at, word->text, length) != 0 ||
        (!word->anywhere && (!begins || g_ascii_isalnum (text[at + length]))))
      continue;
    *by_r = word->by;
    return length;
  }
  return 0;
}

/* TEXT with all private data replaced. */
static char *
scan (Redact *redact, const char *text)
{
  GString *out = g_string_new (NULL);
  const gsize end = strlen (text);

  for (gsize i = 0; text[i];) {
    const gboolean begins = i == 0 || !g_ascii_isalnum (text[i - 1]);
    const char *by = NULL;
    gsize length = private_word (redact, text, i, begins, &by);

    if (length == 0 && begins)
      length = private_form (redact, text, end, i, &by);
    if (length > 0) {
      g_string_append (out, by);
      i += length;
    } else {
      g_string_append_c (out, text[i++]);
    }
  }
  return g_string_free (out, FALSE);
}

/* ---- fields that are declared private ---- */

/* Each part of a name with dots has its own replacement, so that the name of a host still
 * ends in that of its network domain. The parts are private words, except for the last of
 * several (com). */
static const char *
redact_name (Redact *redact, const char *text)
{
  g_auto (GStrv) labels = g_strsplit (text, ".", -1);
  const guint count = g_strv_length (labels);
  g_autoptr (GString) whole = g_string_new (NULL);
  const char *by;

  for (guint i = 0; i < count; i++) {
    g_autofree char *lower = g_ascii_strdown (labels[i], -1);
    g_auto (GStrv) parts = NULL;

    g_string_append_printf (whole, "%s%s", i > 0 ? "." : "",
                            count > 1 && i == count - 1 ? "example"
                            : *lower ? replacement (redact, V2V_PRIVACY_NAME, lower, lower)
                                     : "");
    if (count > 1 && i == count - 1)
      continue;
    if (strlen (lower) >= WORD_MIN)
      add_word (redact, lower, replacement (redact, V2V_PRIVACY_NAME, lower, lower), FALSE);
    parts = g_strsplit_set (lower, "-_ +:", -1);
    for (guint j = 0; parts[0] && parts[1] && parts[j]; j++)
      if (strlen (parts[j]) >= PART_MIN && !g_hash_table_contains (redact->plain, parts[j]))
        add_word (redact, parts[j], replacement (redact, V2V_PRIVACY_NAME, parts[j], parts[j]),
                  FALSE);
  }
  by = v2v_intern (whole->str);
  if (strlen (text) >= WORD_MIN)
    add_word (redact, text, by, FALSE);
  return by;
}

static const char *
redact_mac (Redact *redact, const char *text)
{
  const char *by = shaped (redact, V2V_PRIVACY_MAC, text);
  g_autofree char *digits = digits_of (text);

  /* Names of network interfaces contain the hardware address without colons. */
  add_word (redact, digits, shaped (redact, V2V_PRIVACY_MAC, digits), TRUE);
  add_word (redact, text, by, FALSE);
  return by;
}

static const char *
redact_uuid (Redact *redact, const char *text)
{
  const char *by = shaped (redact, V2V_PRIVACY_UUID, text);

  if (strlen (text) >= WORD_MIN)
    add_word (redact, text, by, FALSE);
  return by;
}

static const char *
redact_serial (Redact *redact, const char *text)
{
  const char *by = replacement (redact, V2V_PRIVACY_SERIAL, text, text);
  g_autofree char *written = g_strdelimit (g_strdup (text), " ", '_');

  if (strlen (text) < WORD_MIN)
    return by;
  add_word (redact, text, by, FALSE);
  add_word (redact, written, by, FALSE);
  if (strlen (written) > SERIAL_CUT) {
    written[SERIAL_CUT] = '\0';
    add_word (redact, written, by, FALSE);
  }
  return by;
}

/* Replaces addresses and keeps the text between them; other words are host names. */
static const char *
redact_addresses (Redact *redact, const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  while (*text) {
    const gsize length = strcspn (text, " ,/");
    g_autofree char *part = g_strndup (text, length);
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (part);

    if (address && is_common_address (part))
      g_string_append (out, part);
    else if (address)
      g_string_append (out, replacement (redact, V2V_PRIVACY_ADDRESS, part, part));
    else if (strspn (part, "0123456789") == length)
      g_string_append (out, part);
    else
      g_string_append (out, redact_name (redact, part));
    text += length;
    if (*text)
      g_string_append_c (out, *text++);
  }
  return v2v_intern (out->str);
}

/* A directory that rules or other paths name identifies nobody, and neither does such a name
 * with a number (a partition of a disk). */
static gboolean
is_plain_directory (const Redact *redact, const char *name)
{
  g_autofree char *stem = g_strdup (name);
  gsize length = strlen (stem);

  if (g_hash_table_contains (redact->plain_directories, name))
    return TRUE;
  while (length > 0 && g_ascii_isdigit (stem[length - 1]))
    stem[--length] = '\0';
  return length == 0 || g_hash_table_contains (redact->plain_directories, stem);
}

static const char *
redact_path (Redact *redact, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", -1);
  g_autofree char *whole = NULL;

  for (guint i = 0; parts[i]; i++) {
    g_autofree char *scanned = scan (redact, parts[i]);

    if (strcmp (scanned, parts[i]) == 0 && !is_plain_directory (redact, scanned)) {
      /* Not added to the private words, since most directories have common names. */
      const char *by = replacement (redact, V2V_PRIVACY_PATH, scanned, scanned);

      g_free (scanned);
      scanned = g_strdup (by);
    }
    g_free (parts[i]);
    parts[i] = g_steal_pointer (&scanned);
  }
  whole = g_strjoinv ("/", parts);
  return v2v_intern (whole);
}

/* The replacement for TEXT, a value of FIELD, which is declared private. */
static const char *
redact_private (Redact *redact, const V2vField *field, const char *text)
{
  if (!*text || is_literal (redact, field, text))
    return text;
  if (has_form (redact->mac, text))
    return redact_mac (redact, text);
  if (has_form (redact->uuid, text))
    return redact_uuid (redact, text);
  switch (field->privacy) {
  case V2V_PRIVACY_UUID:
    return redact_uuid (redact, text);
  case V2V_PRIVACY_SERIAL:
    return redact_serial (redact, text);
  case V2V_PRIVACY_ADDRESS:
    return redact_addresses (redact, text);
  case V2V_PRIVACY_PATH:
    return redact_path (redact, text);
  default:
    return has_form (redact->ipv4, text) || ipv6_length (text, 0) == strlen (text)
               ? redact_addresses (redact, text)
               : redact_name (redact, text);
  }
}

/* The value of FIELD as the capture contains it. */
static V2vValue
redact_value (Redact *redact, const V2vField *field, V2vValue value)
{
  g_autofree char *scanned = NULL;

  if (value.kind != V2V_TEXT || field->privacy == V2V_PRIVACY_PUBLIC ||
      (field->type.kind != V2V_TYPE_STRING && field->type.kind != V2V_TYPE_PATH))
    return value;
  if (field->privacy != V2V_PRIVACY_NONE)
    return v2v_value_text (redact_private (redact, field, value.text));
  if (is_literal (redact, field, value.text))
    return value;
  redact->in_path = field->type.kind == V2V_TYPE_PATH;
  scanned = scan (redact, value.text);
  redact->in_path = FALSE;
  return v2v_value_text (scanned);
}

/* ---- all facts ---- */

typedef void (*Visit) (Redact *redact, const V2vField *field, const char *text);

static void
visit (Redact *redact, Visit function)
{
  const GPtrArray *kinds = v2v_store_schema (redact->store)->facts;

  for (guint d = 0; d < kinds->len; d++) {
    const GPtrArray *facts = v2v_store_facts (redact->store, kinds->pdata[d]);

    for (guint f = 0; f < facts->len; f++) {
      const V2vFact *fact = facts->pdata[f];

      for (guint i = 0; i < fact->decl->fields->len; i++)
        if (fact->values[i].kind == V2V_TEXT && !v2v_fact_is_derived (fact, i))
          function (redact, fact->decl->fields->pdata[i], fact->values[i].text);
    }
  }
}

static void
note_version (Redact *redact, const V2vField *field, const char *text)
{
  if (field->type.kind == V2V_TYPE_PLAIN_VERSION ||
      field->type.kind == V2V_TYPE_PACKAGE_VERSION)
    g_hash_table_add (redact->versions, (gpointer)text);
}

static void
note_private (Redact *redact, const V2vField *field, const char *text)
{
  if (field->privacy > V2V_PRIVACY_PUBLIC && field->privacy != V2V_PRIVACY_PATH)
    redact_private (redact, field, text);
}

/* Collects the parts of paths in fields that are not declared private. */
static void
note_directories (Redact *redact, const V2vField *field, const char *text)
{
  g_auto (GStrv) parts = NULL;

  if (field->type.kind != V2V_TYPE_PATH || field->privacy > V2V_PRIVACY_PUBLIC)
    return;
  parts = g_strsplit (text, "/", -1);
  for (guint i = 0; parts[i]; i++) {
    g_autofree char *scanned = scan (redact, parts[i]);

    if (strcmp (scanned, parts[i]) == 0)
      g_hash_table_add (redact->plain_directories, g_steal_pointer (&scanned));
  }
}

static void
note_paths (Redact *redact, const V2vField *field, const char *text)
{
  if (field->privacy == V2V_PRIVACY_PATH)
    redact_private (redact, field, text);
}

static gboolean
copy_facts (Redact *redact, V2vStore *copy, GError **error)
{
  const GPtrArray *kinds = v2v_store_schema (redact->store)->facts;

  for (guint d = 0; d < kinds->len; d++) {
    const V2vFactDecl *decl = kinds->pdata[d];
    const GPtrArray *facts = v2v_store_facts (redact->store, decl);

    for (guint f = 0; f < facts->len; f++) {
      const V2vFact *fact = facts->pdata[f];
      g_autofree V2vValue *values = g_new0 (V2vValue, decl->fields->len + 1);
      gboolean any = FALSE;

      for (guint i = 0; i < decl->fields->len; i++) {
        if (v2v_fact_is_derived (fact, i))
          continue;
        values[i] = redact_value (redact, decl->fields->pdata[i], fact->values[i]);
        any = any || v2v_value_is_set (values[i]);
      }
      if (any && !v2v_store_add (copy, decl, values, "capture", NULL, error))
        return FALSE;
    }
    if (v2v_store_is_known (redact->store, decl))
      v2v_store_set_known (copy, decl);
  }
  return TRUE;
}

static void
copy_questions (V2vStore *from, V2vStore *to)
{
  g_autoptr (GPtrArray) probed = v2v_store_probed (from), asked = v2v_store_asked (from);

  for (guint i = 0; i < probed->len; i++)
    v2v_store_set_probed (to, probed->pdata[i]);
  for (guint i = 0; i < asked->len; i++)
    v2v_store_set_asked (to, asked->pdata[i]);
}

/* ---- the capture ---- */

static void
redact_init (Redact *redact, const V2vRuleSet *rules, V2vStore *store)
{
  const GRegexCompileFlags flags = G_REGEX_RAW | G_REGEX_CASELESS;

  *redact = (Redact){.store = store};
  redact->literals = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  redact->plain = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  redact->versions = g_hash_table_new (g_str_hash, g_str_equal);
  redact->plain_directories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  redact->replacements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  redact->mac = g_regex_new ("[0-9a-f]{2}([:-])[0-9a-f]{2}(\\1[0-9a-f]{2}){4}(?![0-9a-z:])",
                             flags, 0, NULL);
  redact->uuid = g_regex_new ("([0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32})"
                              "(?![0-9a-z])",
                              flags, 0, NULL);
  redact->ipv4 = g_regex_new ("(?<![0-9a-z._-])((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}"
                              "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![0-9a-z_-]|\\.[0-9])",
                              flags, 0, NULL);
  redact->uri = g_regex_new ("[a-z][a-z0-9+.-]*://[^\\s'\"<>]+", flags, 0, NULL);
  redact->secret = g_regex_new (
      "[a-z0-9_.-]*(pass|password|passwd|passphrase|secret|token|credentials?|key)=[^\\s'\"]+",
      flags, 0, NULL);
  redact->wwn = g_regex_new ("((0x|naa\\.|eui\\.)[0-9a-f]{16,32}|3[0-9a-f]{16}|3[0-9a-f]{32})"
                             "(?![0-9a-z])",
                             flags, 0, NULL);
  note_rules (redact, rules);
  visit (redact, note_version);
}

static void
redact_clear (Redact *redact)
{
  g_hash_table_unref (redact->literals);
  g_hash_table_unref (redact->plain);
  g_hash_table_unref (redact->plain_directories);
  g_hash_table_unref (redact->versions);
  g_hash_table_unref (redact->replacements);
  for (guint i = 0; i < G_N_ELEMENTS (redact->words); i++)
    g_clear_pointer (&redact->words[i], g_ptr_array_unref);
  g_regex_unref (redact->mac);
  g_regex_unref (redact->uuid);
  g_regex_unref (redact->ipv4);
  g_regex_unref (redact->uri);
  g_regex_unref (redact->secret);
  g_regex_unref (redact->wwn);
}

static char *
with_header (const Redact *redact, const char *text)
{
  const char *body = strchr (text, '\n') + 1;
  g_autoptr (GString) header = g_string_new (NULL);
  const char *separator = "";

  g_string_append_len (header, text, body - text);
  g_string_append (header,
                   "\n# Facts of a guest, for a report or a test. Replaced, each by the "
                   "same everywhere:\n# ");
  for (guint i = 0; i < KINDS; i++) {
    if (redact->counts[i] == 0)
      continue;
    g_string_append_printf (header, "%s%u %s", separator, redact->counts[i],
                            redact->counts[i] == 1 ? kind_names[i].one : kind_names[i].many);
    separator = ", ";
  }
  g_string_append (header, *separator ? "." : "nothing.");
  g_string_append (header, " Read it before you send it.\n");
  g_string_append (header, body);
  return g_string_free (g_steal_pointer (&header), FALSE);
}

char *
v2v_redacted_capture (const V2vRuleSet *rules, V2vStore *store, const char *name,
                      GError **error)
{
  g_autoptr (V2vStore) copy = v2v_store_new (rules->schema);
  g_autofree char *text = NULL, *whole = NULL;
  const char *title;
  Redact redact;

  redact_init (&redact, rules, store);
  title = redact_name (&redact, name);
  visit (&redact, note_private);
  visit (&redact, note_directories);
  visit (&redact, note_paths);
  copy_questions (store, copy);
  if (copy_facts (&redact, copy, error)) {
    text = v2v_store_to_rules (copy, title);
    whole = with_header (&redact, text);
  }
  redact_clear (&redact);
  return g_steal_pointer (&whole);
}
