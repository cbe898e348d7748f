/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What kinds of facts there are. Filled from the declarations in rule files;
 * the engine itself declares none.
 */
#pragma once

#include <glib.h>

#include "base/diag.h"
#include "facts/value.h"

typedef struct V2vFactDecl V2vFactDecl;

/* Since when there is something, and whether it will go (doc/interface.md). */
typedef struct {
  guint since;            /* interface of this version of the language; 0: the first */
  const char *deprecated; /* interned: what to use instead; NULL if it stays */
} V2vStatus;

/* A set of declared words. */
typedef struct {
  const char *name;      /* interned: "arch" or, for one declared in place, "os.id" */
  GPtrArray *values;     /* interned words in the order of their declaration */
  GHashTable *canonical; /* interned word or synonym -> interned word */
  GHashTable *docs;      /* interned word -> interned text, where one was given */
  GHashTable *statuses;  /* interned word or synonym -> V2vStatus, where it has one */
  V2vStatus status;
  const char *doc; /* of the whole; interned, or NULL */
  V2vPlace place;
} V2vEnum;

typedef struct {
  V2vTypeKind kind;
  V2vEnum *words; /* for V2V_TYPE_ENUM */
} V2vType;

/* Where the value of a fact comes from. */
typedef enum {
  V2V_ORIGIN_RULES,      /* probes and rules only */
  V2V_ORIGIN_DOMAIN,     /* XPath over the source's domain document */
  V2V_ORIGIN_INSPECTION, /* XPath over the inspection */
  V2V_ORIGIN_OSINFO,     /* libosinfo, one fact for each device that the system supports */
  V2V_ORIGIN_PATHS,      /* the paths that rules name literally */
  V2V_ORIGIN_OPTIONS, /* the options of the command line; each option declaration adds a field
                       */
  V2V_ORIGIN_WITH,    /* --with */
  V2V_ORIGIN_WITH_KERNELS, /* kernels in packages given by --with, read on the host */
  V2V_ORIGIN_MAPPINGS,     /* --network, --bridge, --mac */
  V2V_ORIGIN_HOST,         /* the host that converts */
  V2V_ORIGIN_CHOICE,       /* which source, storage, output and target were chosen */
} V2vOrigin;

/* What a capture that leaves the house does with the values of a field. */
typedef enum {
  V2V_PRIVACY_NONE,   /* kept, but for what looks private in it and what is private elsewhere */
  V2V_PRIVACY_PUBLIC, /* kept as it is */
  V2V_PRIVACY_NAME,   /* replaced, and so are the others */
  V2V_PRIVACY_ADDRESS,
  V2V_PRIVACY_MAC,
  V2V_PRIVACY_UUID,
  V2V_PRIVACY_SERIAL,
  V2V_PRIVACY_PATH, /* but for directories that rules name */
  V2V_PRIVACIES
} V2vPrivacy;

/* "name", "address" ...; NULL for the first two. */
const char *v2v_privacy_name (V2vPrivacy privacy);
/* FALSE: there is no such word. */
gboolean v2v_privacy_from_name (const char *name, V2vPrivacy *privacy_r);

typedef struct {
  const char *name; /* interned */
  V2vFactDecl *fact;
  guint index; /* into V2vFact.values */
  V2vType type;
  gboolean derived; /* rules may set it */
  gboolean key;     /* part of the fact's key */
  V2vPrivacy privacy;
  char *from; /* XPath relative to the fact's node, or NULL */
  char *doc;  /* or NULL */
  V2vStatus status;
  V2vPlace place;
} V2vField;

struct V2vFactDecl {
  const char *name;  /* interned */
  guint index;       /* into V2vSchema.facts */
  gboolean multiple; /* "each": any number; otherwise exactly one */
  gboolean derived;  /* rules may add facts of this kind (multiple only) */
  V2vOrigin origin;
  char *from;          /* XPath of the nodes, or NULL */
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

/* Each returns NULL if the name is taken. What is returned belongs to the schema. */
V2vFactDecl *v2v_schema_add_fact (V2vSchema *schema, const char *name, V2vPlace place);
V2vField *v2v_fact_decl_add_field (V2vFactDecl *fact, const char *name, V2vType type,
                                   V2vPlace place);
V2vEnum *v2v_schema_add_enum (V2vSchema *schema, const char *name, V2vPlace place);
/* Adds WORD, or SYNONYM for it. FALSE if the word already stands for another. */
gboolean v2v_enum_add (V2vEnum *words, const char *word, const char *synonym);

V2vFactDecl *v2v_schema_fact (const V2vSchema *schema, const char *name);
V2vField *v2v_fact_decl_field (const V2vFactDecl *fact, const char *name);
/* The first kind of fact that comes from ORIGIN, or NULL. */
const V2vFactDecl *v2v_schema_find_origin (const V2vSchema *schema, V2vOrigin origin);

/* The declared word that TEXT stands for; TEXT itself (interned) if it is not declared. */
const char *v2v_enum_canonical (const V2vEnum *words, const char *text);
gboolean v2v_enum_has (const V2vEnum *words, const char *text);

/* Reads TEXT from a guest, document or command line as a value for FIELD: as
 * v2v_value_parse, with enum synonyms replaced. */
gboolean v2v_field_parse (const V2vField *field, const char *text, V2vValue *value_r);
