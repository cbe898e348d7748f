/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The commands. Each has a file of its own, which ends in a V2vCommand.
 */
#pragma once

#include "cli/command.h"

extern const V2vCommand v2v_command_convert;
extern const V2vCommand v2v_command_plan;
extern const V2vCommand v2v_command_facts;
extern const V2vCommand v2v_command_check;
extern const V2vCommand v2v_command_test;
extern const V2vCommand v2v_command_fmt;
extern const V2vCommand v2v_command_doc;
extern const V2vCommand v2v_command_rules;
extern const V2vCommand v2v_command_new;
extern const V2vCommand v2v_command_complete;
extern const V2vCommand v2v_command_undo;
extern const V2vCommand v2v_command_status;
extern const V2vCommand v2v_command_clean;
extern const V2vCommand v2v_command_doctor;
extern const V2vCommand v2v_command_verify;
extern const V2vCommand v2v_command_explain;
extern const V2vCommand v2v_command_why_not;
extern const V2vCommand v2v_command_graph;
extern const V2vCommand v2v_command_help;

/* NULL-terminated; the first is the default. */
extern const V2vCommand *const v2v_commands[];

/* The kinds that "new" makes: directories below templates/ of all rule directories. To be freed with
 * g_ptr_array_unref. */
GPtrArray *v2v_template_kinds (const V2vRuleSet *rules);
