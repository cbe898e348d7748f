/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pages of the manual, as text for a terminal or as source for man.
 *
 * A page is a row of blocks; text is added to the block that was begun last. All texts are
 * copied; what comes from rule files may hold anything.
 */
#pragma once

#include <glib.h>

typedef enum { V2V_PAGE_TEXT, V2V_PAGE_MAN } V2vPageFormat;

/* BOLD is what is written as it stands, ITALIC what stands for something else. */
typedef enum { V2V_ROMAN, V2V_BOLD, V2V_ITALIC } V2vFont;

typedef struct V2vPage V2vPage;

/* NAME(SECTION), and in a line what it is ABOUT. */
V2vPage *v2v_page_new (V2vPageFormat format, const char *name, int section, const char *about);
/* The whole text, to be freed with g_free; PAGE is freed. */
char *v2v_page_end (V2vPage *page);

/* ---- blocks ---- */

void v2v_page_heading (V2vPage *page, const char *title);
void v2v_page_subheading (V2vPage *page, const char *title);
void v2v_page_paragraph (V2vPage *page);
/* What is added up to v2v_page_body is explained by what follows it. */
void v2v_page_item (V2vPage *page);
void v2v_page_body (V2vPage *page);

/* The last section. */
void v2v_page_see_also (V2vPage *page, const char *pages);

/* ---- text ---- */

void v2v_page_add (V2vPage *page, V2vFont font, const char *text);
/* A new line within a block. */
void v2v_page_break (V2vPage *page);
/* TEXT of this program's own: what stands between ` is bold. */
void v2v_page_say (V2vPage *page, const char *text);
