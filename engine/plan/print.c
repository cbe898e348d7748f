/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints plans, as text to read and as JSON.
 */
#include "config.h"

#include "base/log.h"
#include "plan/make.h"

V2vTypeKind
v2v_argument_type (const V2vOperation *operation, guint i, V2vValue value)
{
  if (i < operation->params->len)
    return ((const V2vParam *)operation->params->pdata[i])->type.kind;
  return value.kind == V2V_NUMBER  ? V2V_TYPE_INT
         : value.kind == V2V_TRUTH ? V2V_TYPE_BOOL
                                   : V2V_TYPE_STRING;
}

/* Appends NAME("a", "b"). */
static void
append_call (GString *text, const char *name, const V2vOperation *operation,
             const V2vValue *args)
{
  g_string_append (text, name);
  g_string_append_c (text, '(');
  for (guint i = 0; i < operation->params->len; i++) {
    g_autofree char *value =
        v2v_value_to_rule_text (v2v_argument_type (operation, i, args[i]), args[i]);

    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", value);
  }
  g_string_append_c (text, ')');
}

/* lua "FILE" or xslt "FILE". */
static void
append_script (GString *text, const V2vCall *call, gboolean is_xslt)
{
  g_string_append_printf (text, "%s \"%s\"", is_xslt ? "xslt" : "lua", call->file);
}

char *
v2v_request_text (const V2vRequest *request)
{
  const V2vOperation *operation = request->operation;
  g_autoptr (GString) text = g_string_new (NULL);

  if (operation->direct)
    append_script (text, operation->direct, operation->is_xslt);
  if (operation->direct && !operation->is_xslt) {
    g_string_append_c (text, ' ');
    append_call (text, operation->direct->function, operation, request->args);
  } else if (!operation->direct) {
    append_call (text, operation->name, operation, request->args);
  }
  return v2v_printable (text->str, (gssize)text->len, FALSE);
}

void
v2v_append_request (GString *text, const V2vRequest *request)
{
  g_autofree char *self = v2v_request_text (request);

  g_string_append_printf (text, "\n  %s by ", self);
  for (guint i = 0; i < request->reasons->len; i++) {
    const V2vReason *reason = g_ptr_array_index (request->reasons, i);

    /* A rule that requests the same twice is named once. */
    if (i > 0 && ((const V2vReason *)request->reasons->pdata[i - 1])->rule == reason->rule)
      continue;
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", v2v_rule_label (reason->rule));
  }
}

/* "rule x (file:line) for kernel { version = "6.1" }" */
static void
append_reason (GString *text, const V2vReason *reason)
{
  g_string_append_printf (text, "    %s", v2v_rule_label (reason->rule));
  for (guint i = 0; i < reason->bindings->len; i++) {
    g_autofree char *fact = v2v_fact_text (reason->bindings->pdata[i]);

    g_string_append_printf (text, "%s%s", i > 0 ? ", " : " for ", fact);
  }
  g_string_append_c (text, '\n');
}

char *
v2v_step_text (const V2vStep *step)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s: ", v2v_phase_name (step->phase));
  if (step->provider)
    g_string_append_printf (text, "%s by %s", step->operation->name,
                            v2v_provider_label (step->provider));
  else
    append_script (text, step->call, step->is_xslt);
  return v2v_printable (text->str, (gssize)text->len, FALSE);
}

char *
v2v_plan_to_text (const V2vPlan *plan)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < plan->steps->len; i++) {
    const V2vStep *step = g_ptr_array_index (plan->steps, i);
    g_autofree char *head = v2v_step_text (step);

    g_string_append_printf (text, "%s\n", head);
    for (guint j = 0; j < step->requests->len; j++) {
      const V2vRequest *request = g_ptr_array_index (step->requests, j);
      g_autofree char *self = v2v_request_text (request);

      g_string_append_printf (text, "  %s\n", self);
      for (guint k = 0; k < request->reasons->len; k++)
        append_reason (text, request->reasons->pdata[k]);
    }
  }
  for (guint i = 0; i < plan->warnings->len; i++)
    g_string_append_printf (text, "warning: %s\n", (char *)plan->warnings->pdata[i]);
  return v2v_printable (text->str, (gssize)text->len, TRUE);
}

/* ---- JSON ---- */

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  json_object_set_string_member (object, name, valid);
}

static void
add_value (JsonArray *array, V2vValue value)
{
  switch (value.kind) {
  case V2V_UNSET:
    json_array_add_null_element (array);
    break;
  case V2V_TEXT: {
    g_autofree char *valid = g_utf8_make_valid (value.text, -1);

    json_array_add_string_element (array, valid);
    break;
  }
  case V2V_NUMBER:
    json_array_add_int_element (array, value.number);
    break;
  case V2V_TRUTH:
    json_array_add_boolean_element (array, value.number != 0);
    break;
  }
}

static JsonObject *
named_place (const char *name, V2vPlace place)
{
  JsonObject *object = json_object_new ();

  set_text (object, "name", name);
  set_text (object, "file", place.file ? place.file : "");
  json_object_set_int_member (object, "line", place.line);
  return object;
}

static JsonObject *
reason_to_json (const V2vReason *reason)
{
  JsonObject *object = named_place (reason->rule->name, reason->head->place);
  JsonArray *bindings = json_array_new ();

  if (reason->rule->describe)
    set_text (object, "describe", reason->rule->describe);
  for (guint i = 0; i < reason->bindings->len; i++) {
    g_autofree char *fact = v2v_fact_text (reason->bindings->pdata[i]);
    g_autofree char *valid = g_utf8_make_valid (fact, -1);

    json_array_add_string_element (bindings, valid);
  }
  json_object_set_array_member (object, "bindings", bindings);
  return object;
}

static JsonObject *
request_to_json (const V2vRequest *request, const GArray *call_args)
{
  JsonObject *object = json_object_new ();
  JsonArray *args = json_array_new (), *call = json_array_new (), *reasons = json_array_new ();
  g_autofree char *self = v2v_request_text (request);

  set_text (object, "text", self);
  for (guint i = 0; i < request->operation->params->len; i++)
    add_value (args, request->args[i]);
  json_object_set_array_member (object, "args", args);
  for (guint i = 0; i < call_args->len; i++)
    add_value (call, g_array_index (call_args, V2vValue, i));
  json_object_set_array_member (object, "call-args", call);
  for (guint i = 0; i < request->reasons->len; i++)
    json_array_add_object_element (reasons, reason_to_json (request->reasons->pdata[i]));
  json_object_set_array_member (object, "rules", reasons);
  return object;
}

static JsonObject *
step_to_json (const V2vStep *step)
{
  JsonObject *object = json_object_new ();
  JsonArray *requests = json_array_new ();

  set_text (object, "phase", v2v_phase_name (step->phase));
  if (!step->operation->direct)
    set_text (object, "operation", step->operation->name);
  if (step->provider)
    json_object_set_object_member (object, "provider",
                                   named_place (step->provider->name, step->provider->place));
  set_text (object, step->is_xslt ? "xslt" : "lua", step->call->file);
  if (step->call->function)
    set_text (object, "function", step->call->function);
  for (guint i = 0; i < step->requests->len; i++)
    json_array_add_object_element (
        requests, request_to_json (step->requests->pdata[i], step->args->pdata[i]));
  json_object_set_array_member (object, "requests", requests);
  return object;
}

JsonNode *
v2v_plan_to_json (const V2vPlan *plan)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *root = json_object_new ();
  JsonArray *steps = json_array_new (), *fired = json_array_new (),
            *warnings = json_array_new ();

  for (guint i = 0; i < plan->steps->len; i++)
    json_array_add_object_element (steps, step_to_json (plan->steps->pdata[i]));
  json_object_set_array_member (root, "steps", steps);
  for (guint i = 0; i < plan->fired->len; i++) {
    const V2vFired *one = g_ptr_array_index (plan->fired, i);
    JsonObject *object = named_place (one->rule->name, one->rule->place);

    json_object_set_int_member (object, "times", one->times);
    json_array_add_object_element (fired, object);
  }
  json_object_set_array_member (root, "fired", fired);
  for (guint i = 0; i < plan->warnings->len; i++) {
    g_autofree char *valid = g_utf8_make_valid (plan->warnings->pdata[i], -1);

    json_array_add_string_element (warnings, valid);
  }
  json_object_set_array_member (root, "warnings", warnings);
  json_node_take_object (node, root);
  return node;
}
