/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Slots: elements of the new domain that are filled with something from the guest itself, namely
 * the kernel that the new host starts directly, its initramfs and its command line.
 *
 * A stylesheet makes a slot: an empty element below <os> with the attribute "name" of the
 * namespace V2V_SLOT_NAMESPACE. A script fills the slot of that name (guest.give_file,
 * guest.give_text).
 */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

#define V2V_SLOT_NAMESPACE "urn:v2v-engine:slot"

/* The first slot after the element AFTER, or the first of the document if AFTER is NULL.
 * Filled slots count too. NULL if there are no more. */
xmlNode *v2v_slot_next (xmlDoc *domain, xmlNode *after);
/* The name of the slot ELEMENT; NULL if ELEMENT is not a slot. To be freed with g_free. */
char *v2v_slot_name (xmlNode *element);
/* Sets the content of the slot ELEMENT to TEXT. ELEMENT remains a slot, so that an output can
 * replace the content by a path. */
void v2v_slot_fill (xmlNode *element, const char *text);
/* Removes the mark of a slot from ELEMENT, which becomes an ordinary element. */
void v2v_slot_settle (xmlNode *element);
