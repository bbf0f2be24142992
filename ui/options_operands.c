/* What stands without a dash: the command, then the server, the GUID or the journal entry. */
#include "ui/options_parts.h"

#include "src/base/mem.h"
#include "src/base/str.h"
#include "src/model/guid.h"

#include <string.h>

static bool reads_as_guid(const char *text)
{
    struct guid guid;
    size_t len = strlen(text);
    return guid_parse(text, &guid) || guid_parse_wire_hex(text, &guid) ||
           (guid_parse_prefix(text, len, &guid) && str_starts_case(text + 36, "._msdcs."));
}

enum command options_find_command(const struct options_line *line)
{
    for (size_t i = 1; i < COMMAND_HELP && line->operand_count > 0 && !line->plain_first; i++)
        if (str_same(line->operands[0], options_command_word((enum command)i)))
            return (enum command)i;
    return COMMAND_WIZARD;
}

static struct err *take_server(const struct options_line *line, struct options *options,
                               const char *server)
{
    const char *uri = line->values[OPTION_URI];
    if (uri && server)
        return err_next(options_usage("-H and SERVER both name a domain controller."),
                        "Leave one of them out.");
    if (server && reads_as_guid(server))
        return err_next(options_usage("%s is a GUID, not a server.", server),
                        "dcmend diagnose GUID judges that DSA; dcmend GUID SERVER repairs it.");
    if (!uri && !server)
        return NULL;
    struct err *err = signin_set_server(&options->signin, uri ? uri : server);
    if (err && !err->next)
        err_next(err, "Name a domain controller by its full DNS name.");
    return err;
}

static struct err *no_dsa(const char *server)
{
    struct err *err =
        server ? options_usage("%s is a server; nothing says which DSA is meant.", server)
               : options_usage("Nothing says which DSA is meant.");
    return err_next(err, "Give its GUID (event 1411 shows it), or --file FILE with the text of the "
                         "event or report (- is standard input).");
}

/* [GUID] [SERVER]: the wizard's, bugreport's, which goes without a DSA, and diagnose's, which
 * cannot ask which DSA is meant. */
static struct err *take_dsa(const struct options_line *line, struct options *options,
                            const char *const *operands, size_t count)
{
    bool guid_first = count > 0 && reads_as_guid(operands[0]),
         asks = options->command != COMMAND_DIAGNOSE;
    const char *word = options_command_word(options->command);
    if (count == 2 && !guid_first)
        return err_next(options_usage("%s is no GUID.", operands[0]),
                        "Write: dcmend %s%sGUID SERVER, the GUID as event 1411 shows it.", word,
                        *word ? " " : "");
    if (guid_first && line->seen[OPTION_FILE])
        return err_next(options_usage("A GUID and --file both say which DSA is meant."),
                        "Leave one of them out.");
    if (!guid_first && !line->seen[OPTION_FILE] && !asks)
        return no_dsa(count ? operands[0] : NULL);
    if (guid_first)
        mem_set(&options->guid, operands[0]);
    return take_server(line, options, count > guid_first ? operands[guid_first] : NULL);
}

static struct err *take_symptom(const struct options_line *line, struct options *options,
                                const char *guid)
{
    if (guid && !reads_as_guid(guid))
        return err_next(options_usage("%s is no GUID.", guid),
                        "A text is given with --file FILE (- is standard input).");
    if (!guid == !line->seen[OPTION_FILE])
        return guid ? err_next(options_usage("A GUID and --file both are the text."),
                               "Leave one of them out.")
                    : no_dsa(NULL);
    mem_set(&options->guid, guid);
    return NULL;
}

struct err *options_take_operands(const struct options_line *line, struct options *options)
{
    static const size_t most[COMMAND_HELP] = {
        [COMMAND_WIZARD] = 2,  [COMMAND_BROWSE] = 1,   [COMMAND_DIAGNOSE] = 2,
        [COMMAND_CHECK] = 1,   [COMMAND_UNDO] = 1,     [COMMAND_LOG] = 0,
        [COMMAND_SYMPTOM] = 1, [COMMAND_BUGREPORT] = 2};
    size_t skip = options->command != COMMAND_WIZARD;
    size_t count = line->operand_count - skip;
    const char *const *operands = line->operands + skip;
    if (count > most[options->command])
        return options_usage("%s is one operand too many.", operands[most[options->command]]);
    if (IN(options->command) & IN_ONE_DSA)
        return take_dsa(line, options, operands, count);
    if (options->command == COMMAND_SYMPTOM)
        return take_symptom(line, options, count ? operands[0] : NULL);
    if (options->command == COMMAND_UNDO) {
        mem_set(&options->entry, count ? operands[0] : NULL);
        return take_server(line, options, NULL);
    }
    return take_server(line, options, count ? operands[0] : NULL);
}
