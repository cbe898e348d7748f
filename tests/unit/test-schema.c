/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Kinds of facts and sets of words.
 */
#include "config.h"

#include "facts/schema.h"

static const V2vPlace nowhere = {NULL, 0, 0};

static void
test_enum (void)
{
  g_autoptr (V2vSchema) schema = v2v_schema_new ();
  V2vEnum *arch = v2v_schema_add_enum (schema, "arch", nowhere);

  g_assert_null (v2v_schema_add_enum (schema, "arch", nowhere));
  g_assert_true (v2v_enum_add (arch, "x86_64", NULL));
  g_assert_true (v2v_enum_add (arch, "x86_64", "amd64"));
  g_assert_true (v2v_enum_add (arch, "x86_64", "amd64"));
  g_assert_true (v2v_enum_add (arch, "i386", "i686"));
  /* A word stands for one thing only. */
  g_assert_false (v2v_enum_add (arch, "i386", "amd64"));
  g_assert_false (v2v_enum_add (arch, "amd64", NULL));
  g_assert_false (v2v_enum_add (arch, "i386", "x86_64"));
  g_assert_cmpuint (arch->values->len, ==, 2);
  g_assert_cmpstr (v2v_enum_canonical (arch, "amd64"), ==, "x86_64");
  g_assert_cmpstr (v2v_enum_canonical (arch, "i386"), ==, "i386");
  g_assert_true (v2v_enum_canonical (arch, "m68k") == v2v_intern ("m68k"));
  g_assert_true (v2v_enum_has (arch, "i686"));
  g_assert_false (v2v_enum_has (arch, "m68k"));
}

static void
test_facts (void)
{
  g_autoptr (V2vSchema) schema = v2v_schema_new ();
  V2vFactDecl *os = v2v_schema_add_fact (schema, "os", nowhere);
  V2vEnum *arch = v2v_schema_add_enum (schema, "arch", nowhere);
  V2vField *field;
  V2vValue value;

  v2v_enum_add (arch, "x86_64", "amd64");
  g_assert_null (v2v_schema_add_fact (schema, "os", nowhere));
  v2v_fact_decl_add_field (os, "major", (V2vType){V2V_TYPE_INT, NULL}, nowhere);
  field = v2v_fact_decl_add_field (os, "arch", (V2vType){V2V_TYPE_ENUM, arch}, nowhere);
  g_assert_null (v2v_fact_decl_add_field (os, "arch", (V2vType){V2V_TYPE_INT, NULL}, nowhere));
  g_assert_cmpuint (field->index, ==, 1);
  g_assert_true (field->fact == os);
  g_assert_true (v2v_schema_fact (schema, "os") == os);
  g_assert_null (v2v_schema_fact (schema, "so"));
  g_assert_true (v2v_fact_decl_field (os, "arch") == field);
  g_assert_null (v2v_fact_decl_field (os, "arhc"));

  g_assert_true (v2v_field_parse (field, "amd64", &value));
  g_assert_cmpstr (value.text, ==, "x86_64");
  g_assert_true (v2v_field_parse (field, "m68k", &value));
  g_assert_cmpstr (value.text, ==, "m68k");
  g_assert_true (v2v_field_parse (field, "", &value));
  g_assert_false (v2v_value_is_set (value));
  g_assert_false (v2v_field_parse (v2v_fact_decl_field (os, "major"), "five", &value));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/enum", test_enum);
  g_test_add_func ("/schema/facts", test_facts);
  return g_test_run ();
}
