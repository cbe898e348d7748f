/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of images for programs: the layers of a chain as a "json:" name.
 */
#include "config.h"

#include <json-glib/json-glib.h>

#include "storage/json-name.h"

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

/* Opens the object MEMBER (NULL: the outermost), whose bytes DRIVER reads; the caller ends it. */
static void
begin_node (JsonBuilder *json, const char *member, const char *driver)
{
  if (member)
    json_builder_set_member_name (json, member);
  json_builder_begin_object (json);
  add_string (json, "driver", driver);
}

static void
add_plain_file (JsonBuilder *json, const char *member, const char *path, gboolean block)
{
  begin_node (json, member, block ? "host_device" : "file");
  add_string (json, "filename", path);
  json_builder_end_object (json);
}

/* SLICE may be NULL. */
static void
add_file (JsonBuilder *json, const char *path, gboolean block, const V2vSlice *slice)
{
  gboolean part = slice && slice->length;

  if (part) {
    begin_node (json, "file", "raw");
    json_builder_set_member_name (json, "offset");
    json_builder_add_int_value (json, slice->offset);
    json_builder_set_member_name (json, "size");
    json_builder_add_int_value (json, slice->length);
  }
  add_plain_file (json, "file", path, block);
  if (part)
    json_builder_end_object (json);
}

/* The same place, with what was written to it since in REDO. */
static void
add_redo (JsonBuilder *json, const char *redo, const char *path, gboolean block)
{
  begin_node (json, "file", "qcow2");
  add_file (json, redo, FALSE, NULL);
  begin_node (json, "backing", "raw");
  add_file (json, path, block, NULL);
  json_builder_end_object (json);
  json_builder_end_object (json);
}

static void
add_data_file (JsonBuilder *json, const V2vLayer *layer, gboolean held)
{
  g_autofree char *name = v2v_layer_data_name (layer, held);

  if (name)
    add_plain_file (json, "data-file", name,
                    layer->stamps->len > 1 && g_array_index (layer->stamps, V2vStamp, 1).block);
}

/* OVERLAY and REDO may be NULL. */
static char *
json_name (const char *overlay, const char *redo, const GPtrArray *chain, gboolean held)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  guint depth = 0;

  if (overlay) {
    begin_node (json, NULL, "qcow2");
    add_file (json, overlay, FALSE, NULL);
    depth++;
  }
  for (guint i = 0; i < chain->len; i++) {
    const V2vLayer *layer = chain->pdata[i];
    g_autofree char *name = held ? v2v_layer_name (layer) : g_strdup (layer->path);

    begin_node (json, depth++ ? "backing" : NULL, layer->format);
    if (redo && i == 0)
      add_redo (json, redo, name, layer->block);
    else
      add_file (json, name, layer->block, &layer->slice);
    add_data_file (json, layer, held);
    /* Whatever its header says by now. */
    if (i + 1 == chain->len && !g_str_equal (layer->format, "raw")) {
      json_builder_set_member_name (json, "backing");
      json_builder_add_null_value (json);
    }
  }
  while (depth--)
    json_builder_end_object (json);
  root = json_builder_get_root (json);
  text = json_to_string (root, FALSE);
  return g_strconcat ("json:", text, NULL);
}

char *
v2v_storage_json_name (const char *overlay, const GPtrArray *chain)
{
  return json_name (overlay, NULL, chain, FALSE);
}

char *
v2v_storage_held_name (const char *overlay, const GPtrArray *chain)
{
  return json_name (overlay, NULL, chain, TRUE);
}

char *
v2v_storage_redo_name (const char *overlay, const char *redo, const GPtrArray *chain)
{
  return json_name (overlay, redo, chain, TRUE);
}
