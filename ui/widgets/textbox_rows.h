/* The half of textbox that knows of wrapped rows; internal to it. */
#ifndef DCMEND_TEXTBOX_ROWS_H
#define DCMEND_TEXTBOX_ROWS_H

#include "ui/widgets/textbox.h"

/* The cursor goes as many rows down (up when negative), staying in its column. */
enum widget_result textbox_move_rows(struct textbox *box, int count);

#endif
