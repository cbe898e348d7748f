/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Collects what rules request, each request once with all its reasons, and their refusals and
 * warnings.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "plan/make.h"

/* Mistakes listed at once. */
#define PROBLEMS_MAX 20

typedef struct {
  char *text;
  const V2vRule *rule;
  guint rank; /* of the rule, by file and line */
  guint nth;  /* in the order of coming */
} Message;

typedef struct {
  V2vEval *eval;
  GHashTable *requests;     /* set of V2vRequest */
  GHashTable *by_operation; /* V2vOperation -> GPtrArray of V2vRequest */
  GHashTable *fired;
  GPtrArray *fails, *warns; /* Message */
  GArray *args;             /* V2vValue: those of a request to be added */
  guint rank, times;
} Collect;

/* ---- equal requests ---- */

/* Two operations are the same if they are identical, or direct calls of the same function or
 * stylesheet in the same phase. Direct calls share an operation only if the types of their
 * arguments are equal too, but requests with equal values merge whatever the types. */
static gboolean
same_operation (const V2vOperation *a, const V2vOperation *b)
{
  if (a == b)
    return TRUE;
  return a->direct && b->direct && a->is_xslt == b->is_xslt && a->phase == b->phase &&
         a->direct->function == b->direct->function &&
         (a->direct->path ? a->direct->path == b->direct->path
                          : !b->direct->path && a->direct->file == b->direct->file);
}

static guint
request_hash (gconstpointer data)
{
  const V2vRequest *request = data;
  const V2vOperation *operation = request->operation;
  const V2vCall *direct = operation->direct;
  guint hash = !direct        ? g_direct_hash (operation)
               : direct->path ? g_direct_hash (direct->path)
                              : g_direct_hash (direct->file);

  for (guint i = 0; i < operation->params->len; i++)
    hash = hash * 33 + v2v_value_hash (request->args[i]);
  return hash;
}

static gboolean
request_equal (gconstpointer one, gconstpointer other)
{
  const V2vRequest *a = one, *b = other;

  if (!same_operation (a->operation, b->operation) ||
      a->operation->params->len != b->operation->params->len)
    return FALSE;
  for (guint i = 0; i < a->operation->params->len; i++)
    if (!v2v_value_equal (a->args[i], b->args[i]))
      return FALSE;
  return TRUE;
}

/* ---- order ---- */

static int
place_order (const char *origin_a, V2vPlace a, const char *origin_b, V2vPlace b)
{
  int order = origin_a == origin_b ? 0 : g_strcmp0 (origin_a, origin_b);

  if (order == 0 && a.file != b.file)
    order = g_strcmp0 (a.file, b.file);
  if (order == 0)
    order = (a.line > b.line) - (a.line < b.line);
  return order != 0 ? order : (a.column > b.column) - (a.column < b.column);
}

int
v2v_reason_order (const V2vReason *a, const V2vReason *b)
{
  int order = place_order (a->rule->origin, a->head->place, b->rule->origin, b->head->place);

  for (guint i = 0; order == 0 && i < MIN (a->bindings->len, b->bindings->len); i++) {
    const V2vFact *one = g_ptr_array_index (a->bindings, i);
    const V2vFact *other = g_ptr_array_index (b->bindings, i);

    order = (one->number > other->number) - (one->number < other->number);
  }
  return order;
}

static int
reason_order (gconstpointer a, gconstpointer b)
{
  return v2v_reason_order (*(const V2vReason *const *)a, *(const V2vReason *const *)b);
}

static int
request_order (gconstpointer one, gconstpointer other)
{
  const V2vRequest *a = *(const V2vRequest *const *)one, *b = *(const V2vRequest *const *)other;

  return v2v_reason_order (a->reasons->pdata[0], b->reasons->pdata[0]);
}

static int
message_order (gconstpointer one, gconstpointer other)
{
  const Message *a = *(const Message *const *)one, *b = *(const Message *const *)other;
  int order = (a->rank > b->rank) - (a->rank < b->rank);

  return order != 0 ? order : (a->nth > b->nth) - (a->nth < b->nth);
}

/* ---- collecting ---- */

static void
reason_free (gpointer data)
{
  V2vReason *reason = data;

  g_ptr_array_unref (reason->bindings);
  g_free (reason);
}

static void
request_free (gpointer data)
{
  V2vRequest *request = data;

  g_free (request->args);
  g_ptr_array_unref (request->reasons);
  g_ptr_array_unref (request->providers);
  g_free (request);
}

static void
step_free (gpointer data)
{
  V2vStep *step = data;

  g_ptr_array_unref (step->requests);
  g_ptr_array_unref (step->args);
  g_free (step);
}

V2vPlan *
v2v_plan_new (void)
{
  V2vPlan *plan = g_new0 (V2vPlan, 1);

  plan->requests = g_ptr_array_new_with_free_func (request_free);
  plan->steps = g_ptr_array_new_with_free_func (step_free);
  plan->fired = g_ptr_array_new_with_free_func (g_free);
  plan->warnings = g_ptr_array_new_with_free_func (g_free);
  return plan;
}

void
v2v_plan_free (V2vPlan *plan)
{
  if (!plan)
    return;
  g_ptr_array_unref (plan->steps);
  g_ptr_array_unref (plan->requests);
  g_ptr_array_unref (plan->fired);
  g_ptr_array_unref (plan->warnings);
  g_free (plan);
}

static gboolean
read_operand (V2vEval *eval, const V2vRule *rule, const V2vOperand *operand, V2vValue *value_r,
              GError **error)
{
  if (v2v_eval_operand (eval, operand, value_r))
    return TRUE;
  v2v_eval_set_error (eval, v2v_rule_label (rule), error);
  return FALSE;
}

static gboolean
add_request (Collect *collect, const V2vRule *rule, const V2vHead *head, GError **error)
{
  guint params = head->args->len;
  V2vRequest sample = {.operation = head->operation}, *request;
  V2vReason *reason;

  g_array_set_size (collect->args, params);
  for (guint i = 0; i < params; i++)
    if (!read_operand (collect->eval, rule, &g_array_index (head->args, V2vOperand, i),
                       &g_array_index (collect->args, V2vValue, i), error))
      return FALSE;
  sample.args = (V2vValue *)(gpointer)collect->args->data;
  request = g_hash_table_lookup (collect->requests, &sample);
  if (!request) {
    GPtrArray *list = g_hash_table_lookup (collect->by_operation, head->operation);

    request = g_new0 (V2vRequest, 1);
    request->operation = head->operation;
    request->args = g_new (V2vValue, params);
    if (params > 0)
      memcpy (request->args, sample.args, params * sizeof (V2vValue));
    request->reasons = g_ptr_array_new_with_free_func (reason_free);
    request->providers = g_ptr_array_new ();
    g_hash_table_add (collect->requests, request);
    if (!list)
      g_hash_table_insert (collect->by_operation, head->operation, list = g_ptr_array_new ());
    g_ptr_array_add (list, request);
  }
  reason = g_new0 (V2vReason, 1);
  reason->rule = rule;
  reason->head = head;
  reason->bindings = g_ptr_array_sized_new (rule->variables);
  for (guint i = 0; i < rule->variables; i++)
    g_ptr_array_add (reason->bindings, collect->eval->slots[i]);
  g_ptr_array_add (request->reasons, reason);
  return TRUE;
}

static void
add_message (Collect *collect, GPtrArray *list, const V2vRule *rule, const V2vHead *head)
{
  g_autofree char *text = v2v_eval_template (collect->eval, head->message);
  Message *message;

  /* A rule with several bindings may have the same message for each. */
  for (guint i = list->len; i > 0; i--) {
    const Message *before = g_ptr_array_index (list, i - 1);

    if (before->rank != collect->rank)
      break;
    if (strcmp (before->text, text) == 0)
      return;
  }
  message = g_new (Message, 1);
  message->text = g_steal_pointer (&text);
  message->rule = rule;
  message->rank = collect->rank;
  message->nth = list->len;
  g_ptr_array_add (list, message);
}

static gboolean
take_heads (V2vEval *eval G_GNUC_UNUSED, const V2vRule *rule, gpointer data, GError **error)
{
  Collect *collect = data;

  collect->times++;
  for (guint i = 0; i < rule->heads->len; i++) {
    const V2vHead *head = g_ptr_array_index (rule->heads, i);

    if (head->kind == V2V_HEAD_DO && !add_request (collect, rule, head, error))
      return FALSE;
    if (head->kind == V2V_HEAD_FAIL)
      add_message (collect, collect->fails, rule, head);
    if (head->kind == V2V_HEAD_WARN)
      add_message (collect, collect->warns, rule, head);
  }
  return TRUE;
}

static gboolean
has_such_heads (const V2vRule *rule)
{
  for (guint i = 0; i < rule->heads->len; i++) {
    V2vHeadKind kind = ((const V2vHead *)rule->heads->pdata[i])->kind;

    if (kind == V2V_HEAD_DO || kind == V2V_HEAD_FAIL || kind == V2V_HEAD_WARN)
      return TRUE;
  }
  return FALSE;
}

static void
look_at (Collect *collect, const V2vRule *rule, guint rank, GPtrArray *problems)
{
  GError *error = NULL;

  collect->rank = rank;
  collect->times = 0;
  if (!v2v_eval_rule (collect->eval, rule, take_heads, collect, &error))
    g_ptr_array_add (problems, error);
  if (collect->times > 0)
    g_hash_table_insert (collect->fired, (gpointer)rule, GUINT_TO_POINTER (collect->times));
}

/* Rules that read requests come last: only then are all requests known. */
static void
look_at_all (Collect *collect, gboolean at_requests, GPtrArray *problems)
{
  const GPtrArray *rules = collect->eval->input->rules->rules;
  guint shuffle = collect->eval->input->shuffle;
  g_autoptr (GRand) random = shuffle ? g_rand_new_with_seed (shuffle) : NULL;
  g_autofree guint *order = g_new (guint, rules->len);
  guint count = 0;

  for (guint i = 0; i < rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (rules, i);

    if (!rule->reads_requests == !at_requests && has_such_heads (rule))
      order[count++] = i;
  }
  for (guint i = count; random && i > 1; i--) {
    guint j = (guint)g_rand_int_range (random, 0, (gint32)i), kept = order[j];

    order[j] = order[i - 1];
    order[i - 1] = kept;
  }
  for (guint i = 0; i < count; i++)
    look_at (collect, rules->pdata[order[i]], order[i], problems);
  if (!at_requests && collect->eval->input->more)
    look_at (collect, collect->eval->input->more, rules->len, problems);
}

static void
message_free (gpointer data)
{
  g_free (((Message *)data)->text);
  g_free (data);
}

static int
error_order (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(GError *const *)a)->message, (*(GError *const *)b)->message);
}

/* One error that lists all PROBLEMS. */
static void
set_problems (GPtrArray *problems, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_ptr_array_sort (problems, error_order);
  for (guint i = 0; i < MIN (problems->len, PROBLEMS_MAX); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            ((const GError *)problems->pdata[i])->message);
  if (problems->len > PROBLEMS_MAX)
    g_string_append_printf (text, "\n%u more rules are like these",
                            problems->len - PROBLEMS_MAX);
  g_set_error_literal (error, V2V_ERROR, ((const GError *)problems->pdata[0])->code, text->str);
}

/* The message of a rule, preceded by its label if places are shown. */
static char *
message_line (const Message *message)
{
  char *line = g_strdup_printf ("%s: %s", v2v_rule_label (message->rule), message->text);

  if (v2v_log_shows_places ())
    return line;
  v2v_log_keep (line);
  g_free (line);
  return g_strdup (message->text);
}

static void
hand_over (Collect *collect, V2vPlan *plan, V2vFindings *findings)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, collect->requests);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    V2vRequest *request = key;

    g_ptr_array_sort (request->reasons, reason_order);
    request->operation = ((const V2vReason *)request->reasons->pdata[0])->head->operation;
    g_ptr_array_add (plan->requests, request);
  }
  g_ptr_array_sort (plan->requests, request_order);
  g_ptr_array_sort (collect->fails, message_order);
  g_ptr_array_sort (collect->warns, message_order);
  for (guint i = 0; i < collect->fails->len; i++) {
    const Message *fail = g_ptr_array_index (collect->fails, i);

    g_ptr_array_add (findings->fails, g_strdup (fail->text));
    g_ptr_array_add (findings->fail_lines, message_line (fail));
  }
  for (guint i = 0; i < collect->warns->len; i++) {
    const Message *warn = g_ptr_array_index (collect->warns, i);

    g_ptr_array_add (findings->warns, g_strdup (warn->text));
    g_ptr_array_add (plan->warnings, message_line (warn));
  }
}

gboolean
v2v_collect_requests (V2vEval *eval, V2vPlan *plan, GHashTable *fired, V2vFindings *findings,
                      GError **error)
{
  g_autoptr (GPtrArray) problems =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  Collect collect = {.eval = eval, .fired = fired};
  gboolean ok;

  collect.requests = g_hash_table_new (request_hash, request_equal);
  collect.by_operation =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  collect.fails = g_ptr_array_new_with_free_func (message_free);
  collect.warns = g_ptr_array_new_with_free_func (message_free);
  collect.args = g_array_new (FALSE, FALSE, sizeof (V2vValue));
  look_at_all (&collect, FALSE, problems);
  eval->requests = collect.by_operation;
  look_at_all (&collect, TRUE, problems);
  eval->requests = NULL;
  hand_over (&collect, plan, findings);
  /* A refusal is more useful than the error that something could not be read. */
  ok = problems->len == 0 || (findings->fails->len > 0 && !findings->keep_going);
  if (!ok)
    set_problems (problems, error);
  g_hash_table_unref (collect.requests);
  g_hash_table_unref (collect.by_operation);
  g_ptr_array_unref (collect.fails);
  g_ptr_array_unref (collect.warns);
  g_array_unref (collect.args);
  return ok;
}
