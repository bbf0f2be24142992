/* Codes of Windows' own, as replication reports, events and a directory's refusals give them. */
#ifndef DCMEND_WIN32_H
#define DCMEND_WIN32_H

/* What a code means, in a few words; NULL when it says nothing here. */
const char *win32_meaning(long code);
/* An HRESULT, in 32 bits or as a negative number, made the code it holds where it holds one. */
long win32_plain(long number);

#endif
