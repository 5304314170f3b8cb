#!/bin/sh
# Stands in for wrangler: keeps an account as files beside it, notes every call, and fails the calls whose
# words contain FAKE_FAIL. A shell script, because a deployment calls it dozens of times.
here=${0%/*}
account=$here/account
words="$*"
echo "$words" >> "$here/calls.log"
if [ -n "$FAKE_FAIL" ]; then
  case "$words" in *"$FAKE_FAIL"*) echo "the fake account refuses: $FAKE_FAIL" >&2; exit 1 ;; esac
fi
case "$1 $2" in
  "d1 list")
    cd "$account"; sep=; printf '['
    for name in database:*; do
      [ -e "$name" ] || continue
      printf '%s{"name":"%s","uuid":"id-of-%s"}' "$sep" "${name#database:}" "${name#database:}"; sep=,
    done
    echo ']' ;;
  "d1 create") : > "$account/database:$3" ;;
  "queues info") [ -e "$account/queue:$3" ] ;;
  "queues create") : > "$account/queue:$3" ;;
  "r2 bucket")
    if [ "$3" = info ]; then [ -e "$account/bucket:$4" ]; else : > "$account/bucket:$4"; fi ;;
  "secret list")
    [ -e "$account/worker:$4" ] || { echo "Worker not found" >&2; exit 1; }
    sep=; printf '['
    while read -r name; do printf '%s{"name":"%s","type":"secret_text"}' "$sep" "$name"; sep=,; done < "$account/worker:$4"
    echo ']' ;;
  "deploy -c")
    while IFS='"' read -r indent key colon name rest; do [ "$key" = name ] && break; done < "$3"
    : >> "$account/worker:$name"
    if [ "$4" = --secrets-file ]; then grep -oE "(MASTER|CONTENT)_KEY" "$5" > "$account/worker:$name"; fi ;;
esac
