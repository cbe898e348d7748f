/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The schema: which kinds of facts exist, their fields and enums. It is filled from the
 * declarations in rule files; the engine itself declares none.
 */
#pragma once

#include <glib.h>

#include "base/diag.h"
#include "facts/value.h"

typedef struct V2vFactDecl V2vFactDecl;

/* Since which version something exists, and whether it will be removed (doc/interface.md). */
typedef struct {
  guint since;            /* interface in this version of the language; 0: the first */
  const char *deprecated; /* interned: what to use instead; NULL if it is not deprecated */
} V2vStatus;

/* An enum: a set of declared words. */
typedef struct {
  const char *name;      /* interned: "arch"; for an enum declared with its field, "os.id" */
  GPtrArray *values;     /* interned words, in the order of declaration */
  GHashTable *canonical; /* interned word or synonym -> interned word */
  GHashTable *docs;      /* interned word -> interned description, if it has one */
  GHashTable *statuses;  /* interned word or synonym -> V2vStatus, if it has one */
  V2vStatus status;
  const char *doc; /* description of the enum; interned, or NULL */
  V2vPlace place;
} V2vEnum;

typedef struct {
  V2vTypeKind kind;
  V2vEnum *words; /* for V2V_TYPE_ENUM */
} V2vType;

/* Where the values of a kind of fact come from. */
typedef enum {
  V2V_ORIGIN_RULES,      /* only probes and rules */
  V2V_ORIGIN_DOMAIN,     /* an XPath expression on the source's domain document */
  V2V_ORIGIN_INSPECTION, /* an XPath expression on the result of inspection */
  V2V_ORIGIN_OSINFO,     /* libosinfo: one fact for each device that the system supports */
  V2V_ORIGIN_PATHS,      /* the guest's paths that rules name literally */
  V2V_ORIGIN_OPTIONS,    /* command-line options that rules declare; each adds a field */
  V2V_ORIGIN_WITH,       /* --with */
  /* kernels in the packages given by --with, which are read on the host */
  V2V_ORIGIN_WITH_KERNELS,
  V2V_ORIGIN_MAPPINGS, /* --network, --bridge, --mac */
  V2V_ORIGIN_HOST,     /* the host on which v2v-engine runs */
  V2V_ORIGIN_CHOICE,   /* the source, storage, output and target that were chosen */
} V2vOrigin;

/* How each field is redacted in a capture that is given to others. */
typedef enum {
  V2V_PRIVACY_NONE,   /* kept, except parts that look private or are private in other fields */
  V2V_PRIVACY_PUBLIC, /* kept unchanged */
  V2V_PRIVACY_NAME,   /* this and all below are replaced */
  V2V_PRIVACY_ADDRESS,
  V2V_PRIVACY_MAC,
  V2V_PRIVACY_UUID,
  V2V_PRIVACY_SERIAL,
  V2V_PRIVACY_PATH, /* except directories that rules name */
  V2V_PRIVACIES
} V2vPrivacy;

/* "name", "address" ...; NULL for V2V_PRIVACY_NONE and V2V_PRIVACY_PUBLIC. */
const char *v2v_privacy_name (V2vPrivacy privacy);
/* Returns FALSE if there is no privacy of that name. */
gboolean v2v_privacy_from_name (const char *name, V2vPrivacy *privacy_r);

typedef struct {
  const char *name; /* interned */
  V2vFactDecl *fact;
  guint index; /* index into V2vFact.values */
  V2vType type;
  gboolean derived; /* rules may set it */
  gboolean key;     /* part of the key that identifies a fact */
  V2vPrivacy privacy;
  char *from; /* XPath relative to the node of the fact, or NULL */
  char *doc;  /* or NULL */
  V2vStatus status;
  V2vPlace place;
} V2vField;

struct V2vFactDecl {
  const char *name; /* interned */
  guint index;      /* index into V2vSchema.facts */
  /* there may be any number of facts of this kind (keyword "each"); otherwise there is exactly
   * one */
  gboolean multiple;
  gboolean derived; /* rules may add facts of this kind (only if MULTIPLE) */
  V2vOrigin origin;
  char *from;          /* XPath that selects one node for each fact, or NULL */
  GPtrArray *fields;   /* V2vField */
  GHashTable *by_name; /* interned name -> V2vField */
  char *doc;           /* or NULL */
  V2vStatus status;
  V2vPlace place;
};

typedef struct {
  GPtrArray *facts;          /* V2vFactDecl */
  GHashTable *facts_by_name; /* interned name -> V2vFactDecl */
  GHashTable *enums;         /* interned name -> V2vEnum */
} V2vSchema;

V2vSchema *v2v_schema_new (void);
void v2v_schema_free (V2vSchema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vSchema, v2v_schema_free)

/* These return NULL if the name is already used. What they return belongs to the schema. */
V2vFactDecl *v2v_schema_add_fact (V2vSchema *schema, const char *name, V2vPlace place);
V2vField *v2v_fact_decl_add_field (V2vFactDecl *fact, const char *name, V2vType type,
                                   V2vPlace place);
V2vEnum *v2v_schema_add_enum (V2vSchema *schema, const char *name, V2vPlace place);
/* Adds WORD, or SYNONYM as another spelling of WORD. Returns FALSE if the word is already
 * used. */
gboolean v2v_enum_add (V2vEnum *words, const char *word, const char *synonym);

V2vFactDecl *v2v_schema_fact (const V2vSchema *schema, const char *name);
V2vField *v2v_fact_decl_field (const V2vFactDecl *fact, const char *name);
/* The first kind of fact whose origin is ORIGIN, or NULL. */
const V2vFactDecl *v2v_schema_find_origin (const V2vSchema *schema, V2vOrigin origin);

/* The declared word of which TEXT is a spelling; TEXT itself (interned) if it is not
 * declared. */
const char *v2v_enum_canonical (const V2vEnum *words, const char *text);
gboolean v2v_enum_has (const V2vEnum *words, const char *text);

/* Parses TEXT, from a guest, document or command line, as a value of FIELD: like
 * v2v_value_parse, but replaces synonyms of an enum by the declared word. */
gboolean v2v_field_parse (const V2vField *field, const char *text, V2vValue *value_r);
