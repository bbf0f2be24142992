# bash completion for dcmend. Knows the commands and options, host names that the machine knows, and the journal.
# shellcheck shell=bash

_dcmend_journal() {
    local entry
    for entry in "${XDG_STATE_HOME:-$HOME/.local/state}"/dcmend/journal/*.ldif; do
        [[ -f $entry ]] || continue
        entry=${entry##*/}
        printf '%s\n' "${entry%.ldif}"
    done
}

# The command on the line so far, if there is one.
_dcmend_command() {
    local word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
            browse | symptom | diagnose | check | bugreport | undo | log) printf '%s' "$word"; return ;;
        esac
    done
}

_dcmend_options() {
    case $1 in
        symptom) printf '%s\n' -f --file -r --read-only --json --ascii --log --debug -h --help -V --version ;;
        log) printf '%s\n' --json --ascii --log --debug -h --help -V --version ;;
        *)
            printf '%s\n' -H --uri -Y --mech -x --simple -D --user -W --ask-password -y --password-file -Z --starttls --cacert \
                --ascii --log --debug -h --help -V --version
            [[ $1 == undo ]] || printf '%s\n' -r --read-only
            [[ $1 != diagnose && $1 != check ]] || printf '%s\n' --json
            [[ $1 != diagnose ]] || printf '%s\n' --ldif
            [[ $1 != check ]] || printf '%s\n' --every-dc --nagios --prometheus
            [[ -n $1 && $1 != diagnose && $1 != bugreport ]] || printf '%s\n' -f --file --source
            [[ $1 != bugreport ]] || printf '%s\n' --names
            [[ -n $1 && $1 != undo ]] || printf '%s\n' --ticket
            ;;
    esac
}

_dcmend() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command
    command=$(_dcmend_command)
    COMPREPLY=()
    case $before in
        -f | --file | -y | --password-file | --cacert | --log | --debug) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        -Y | --mech) mapfile -t COMPREPLY < <(compgen -W 'GSSAPI GSS-SPNEGO' -- "$word"); return ;;
        -H | --uri) mapfile -t COMPREPLY < <(compgen -W 'ldap:// ldaps://' -- "$word"); return ;;
        --source) mapfile -t COMPREPLY < <(compgen -A hostname -- "$word"); return ;;
        -D | --user | --ticket) return ;;
    esac
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_dcmend_options "$command")" -- "$word")
    elif [[ $command == undo ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_dcmend_journal)" -- "$word")
    elif [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W 'browse symptom diagnose check bugreport undo log' -A hostname -- "$word")
    elif [[ $command != log && $command != symptom ]]; then
        mapfile -t COMPREPLY < <(compgen -A hostname -- "$word")
    fi
}

complete -o filenames -F _dcmend dcmend
