# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for fish: v2v-engine itself is asked what could stand for the word before the cursor.
function __v2v_engine_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    test (count $current) -gt 0; or set current ''
    set -l prefix (string match -r '^.*=' -- $current)
    for line in ($words[1] complete -- $words[2..-1] $current 2>/dev/null)
        switch $line
            case :files
                for path in (__fish_complete_path (string replace -r '^.*=' '' -- $current))
                    echo "$prefix$path"
                end
            case :directories
                for path in (__fish_complete_directories (string replace -r '^.*=' '' -- $current))
                    echo "$prefix$path"
                end
            case '*'
                echo $line
        end
    end
end
complete -c v2v-engine -f -k -a '(__v2v_engine_complete)'
