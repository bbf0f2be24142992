# fish completion for dcmend. Knows the commands and options, host names that the machine knows, and the journal.

function __dcmend_journal
    set -l state $XDG_STATE_HOME
    test -n "$state"; or set state $HOME/.local/state
    for entry in $state/dcmend/journal/*.ldif
        string replace -r '.*/(.*)\.ldif$' '$1' $entry
    end
end

set -l commands browse symptom diagnose check bugreport undo log
set -l none "not __fish_seen_subcommand_from $commands"
set -l online "not __fish_seen_subcommand_from symptom log"

complete -c dcmend -f
complete -c dcmend -n $none -a browse -d 'look at the Sites tree, read-only'
complete -c dcmend -n $none -a symptom -d 'what a text is about, without asking a directory'
complete -c dcmend -n $none -a diagnose -d 'judge one DSA, never write'
complete -c dcmend -n $none -a check -d 'judge every server object, never write'
complete -c dcmend -n $none -a bugreport -d 'write a file for whoever mends the program'
complete -c dcmend -n $none -a undo -d 'take a journalled change back'
complete -c dcmend -n $none -a log -d 'list the journal'
complete -c dcmend -n "not __fish_seen_subcommand_from symptom undo log" -a '(__fish_print_hostnames)'
complete -c dcmend -n '__fish_seen_subcommand_from undo' -a '(__dcmend_journal)'

complete -c dcmend -n $online -s H -l uri -x -a 'ldap:// ldaps://' -d 'the DC as an address'
complete -c dcmend -n $online -s Y -l mech -x -a 'GSSAPI GSS-SPNEGO' -d 'SASL mechanism'
complete -c dcmend -n $online -s x -l simple -d 'simple bind, over TLS only'
complete -c dcmend -n $online -s D -l user -x -d 'who signs in with a password'
complete -c dcmend -n $online -s W -l ask-password -d 'ask for the password'
complete -c dcmend -n $online -s y -l password-file -r -d 'read the password'
complete -c dcmend -n $online -l cacert -r -F -d 'authorities for TLS'
complete -c dcmend -n $online -s Z -l starttls -d 'StartTLS, required'
complete -c dcmend -n 'not __fish_seen_subcommand_from undo log' -s r -l read-only -d 'no write screen exists'
complete -c dcmend -n '__fish_seen_subcommand_from symptom diagnose check log' -l json -d 'for programs'
complete -c dcmend -n '__fish_seen_subcommand_from diagnose' -l ldif -d 'the change and its inverse'
complete -c dcmend -n '__fish_seen_subcommand_from check' -l every-dc -d 'as every DC holds it'
complete -c dcmend -n '__fish_seen_subcommand_from check' -l nagios -d 'as a plug-in'
complete -c dcmend -n '__fish_seen_subcommand_from check' -l prometheus -d 'as a text file for the node exporter'
complete -c dcmend -n "not __fish_seen_subcommand_from browse check undo log" -s f -l file -r -F -d 'the text to start from'
complete -c dcmend -n "not __fish_seen_subcommand_from browse symptom check undo log" -l source -x -a '(__fish_print_hostnames)' -d 'the DC to compare with'
complete -c dcmend -n '__fish_seen_subcommand_from bugreport' -l names -d 'names as they are'
complete -c dcmend -n "not __fish_seen_subcommand_from browse symptom diagnose check bugreport log" -l ticket -x -d 'noted in the journal'
complete -c dcmend -l ascii -d 'ASCII output only'
complete -c dcmend -l log -r -F -d 'append what is done to a file'
complete -c dcmend -l debug -r -F -d 'append all that is asked to a file'
complete -c dcmend -s h -l help -d 'a summary'
complete -c dcmend -s V -l version -d 'the version'
