/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Elements of the new domain that are filled with something of the guest itself: a kernel that is
 * started from outside, its initramfs, its command line.
 *
 * A stylesheet asks for it by an empty element below <os> with the attribute "given" of the
 * namespace V2V_GIVEN_NAMESPACE, whose value is a name; a script gives it by that name
 * (guest.give_file, guest.give_text).
 */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

#define V2V_GIVEN_NAMESPACE "urn:v2v-engine:given"

/* The first element after AFTER (NULL: at all) that is or was asked for; NULL if there is none. */
xmlNode *v2v_given_next (xmlDoc *domain, xmlNode *after);
/* Its name. To be freed with g_free. */
char *v2v_given_name (xmlNode *element);
void v2v_given_set (xmlNode *element, const char *text);
/* From now on it is an element as any other. */
void v2v_given_settle (xmlNode *element);
