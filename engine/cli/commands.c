/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The table of all commands.
 */
#include "config.h"

#include "cli/commands.h"

/* One line each: clang-format would arrange them in columns. */
/* clang-format off */
const V2vCommand *const v2v_commands[] = {
    &v2v_command_convert,
    &v2v_command_plan,
    &v2v_command_facts,
    &v2v_command_explain,
    &v2v_command_why_not,
    &v2v_command_graph,
    &v2v_command_check,
    &v2v_command_test,
    &v2v_command_fmt,
    &v2v_command_doc,
    &v2v_command_rules,
    &v2v_command_new,
    &v2v_command_undo,
    &v2v_command_status,
    &v2v_command_clean,
    &v2v_command_verify,
    &v2v_command_doctor,
    &v2v_command_complete,
    &v2v_command_help,
    NULL,
};
/* clang-format on */
