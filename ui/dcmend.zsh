#compdef dcmend
# zsh completion for dcmend. Knows the commands and options, host names that the machine knows, and the journal.

_dcmend_journal() {
    local -a entries
    entries=(${XDG_STATE_HOME:-$HOME/.local/state}/dcmend/journal/*.ldif(N:t:r))
    _describe -t entries 'change' entries
}

_dcmend() {
    local context state line command=
    local -a commands sign_in everywhere options
    commands=(
        'browse:look at the Sites tree, read-only'
        'symptom:what a text is about, without asking a directory'
        'diagnose:judge one DSA, never write'
        'check:judge every server object, never write'
        'bugreport:write a file for whoever mends the program'
        'undo:take a journalled change back'
        'log:list the journal'
    )
    everywhere=(
        '--ascii[ASCII output only]'
        '--log[append what is done to a file]:file:_files'
        '--debug[append all that is asked to a file]:file:_files'
        '(-h --help)'{-h,--help}'[a summary]'
        '(-V --version)'{-V,--version}'[the version]'
    )
    sign_in=(
        '(-H --uri)'{-H,--uri}'[the DC as an address]:URI:(ldap:// ldaps://)'
        '(-Y --mech -x --simple)'{-Y,--mech}'[SASL mechanism]:mechanism:(GSSAPI GSS-SPNEGO)'
        '(-x --simple -Y --mech)'{-x,--simple}'[simple bind, over TLS only]'
        '(-D --user)'{-D,--user}'[who signs in with a password]:user: '
        '(-W --ask-password -y --password-file)'{-W,--ask-password}'[ask for the password]'
        '(-y --password-file -W --ask-password)'{-y,--password-file}'[read the password]:file:_files'
        '--cacert[authorities for TLS]:file:_files'
        '(-Z --starttls)'{-Z,--starttls}'[StartTLS, required]'
    )
    local word
    for word in ${words[2,CURRENT-1]}; do
        case $word in
            browse | symptom | diagnose | check | bugreport | undo | log) command=$word; break ;;
        esac
    done
    options=($everywhere)
    [[ $command == (symptom|log) ]] || options+=($sign_in)
    [[ $command == (undo|log) ]] || options+=('(-r --read-only)'{-r,--read-only}'[no write screen exists]')
    [[ $command != (symptom|diagnose|check|log) ]] || options+=('--json[for programs]')
    [[ $command != check ]] || options+=('--every-dc[as every DC holds it]')
    [[ $command != diagnose ]] || options+=('--ldif[the change and its inverse]')
    [[ $command != check ]] || options+=('--nagios[as a plug-in]' '--prometheus[as a text file for the node exporter]')
    [[ $command != bugreport ]] || options+=('--names[names as they are]')
    [[ -n $command && $command != (symptom|diagnose|bugreport) ]] ||
        options+=('(-f --file)'{-f,--file}'[the text to start from]:file:_files')
    [[ -n $command && $command != (diagnose|bugreport) ]] || options+=('--source[the DC to compare with]:DC:_hosts')
    [[ -n $command && $command != undo ]] || options+=('--ticket[noted in the journal]:ticket: ')
    _arguments -s -S $options '*: :->operand' && return
    [[ $state == operand ]] || return
    if [[ -z $command ]]; then
        _describe -t commands 'command' commands
        _hosts
    elif [[ $command == undo ]]; then
        _dcmend_journal
    elif [[ $command != (log|symptom) ]]; then
        _hosts
    fi
}

_dcmend "$@"
