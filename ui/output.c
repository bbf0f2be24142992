/* Text is made harmless here and not where it comes from, so that no sentence of the model has to
 * know where it will be shown. */
#include "ui/output.h"

#include "src/base/text.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool output_is_plain(bool ascii)
{
    return ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

char *output_text(const char *raw, bool plain)
{
    char *clean = text_clean_z(raw);
    if (!plain)
        return clean;
    struct str s = STR_INIT;
    for (const char *p = clean; *p; p++) {
        if ((unsigned char)*p < 0x80)
            str_addc(&s, *p);
        else
            str_addf(&s, "\\%02X", (unsigned char)*p);
    }
    str_add(&s, "");
    free(clean);
    return str_steal(&s);
}

int output_columns(FILE *to)
{
    struct winsize size;
    int fd = fileno(to);
    if (fd < 0 || !isatty(fd))
        return 0;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

struct err *output_write(FILE *to, const struct str *text)
{
    errno = 0;
    if (fwrite(str_text(text), 1, text->len, to) == text->len && fflush(to) == 0)
        return NULL;
    if (errno == EPIPE)
        return err_new(ERR_CANCELLED, ERR_OTHER, "Nobody reads the output any more.");
    return err_new(ERR_LOCAL, ERR_OTHER, "The output cannot be written: %s.", strerror(errno));
}

static void add_part(struct str *s, const char *lead, const char *raw, const char *end)
{
    if (!raw || !*raw)
        return;
    char *text = output_text(raw, output_is_plain(false));
    str_addf(s, "%s%s%s", lead, text, end);
    free(text);
}

void output_err(FILE *to, const struct err *err)
{
    struct str s = STR_INIT;
    if (!err || err->kind == ERR_CANCELLED)
        return;
    add_part(&s, "dcmend: ", err->text, "\n");
    add_part(&s, "  It said: ", err->said, "\n");
    add_part(&s, "  ", err->next, "\n");
    err_free(output_write(to, &s)); /* no one is left to be told */
    str_release(&s);
}

void output_err_line(FILE *to, const struct err *err)
{
    struct str s = STR_INIT;
    if (!err || err->kind == ERR_CANCELLED)
        return;
    add_part(&s, "dcmend: ", err->text, "");
    add_part(&s, " (It said: ", err->said, ")");
    add_part(&s, " ", err->next, "");
    str_addc(&s, '\n');
    err_free(output_write(to, &s));
    str_release(&s);
}
