// What is called a trial is a few lines of shell, whose value says how it ends.

/** The value of a trial, by how the shell of it ends. `starts` counts its attempts. */
export const ways = {
  finishes: 1,
  badValues: 64,
  outOfMemory: 137,
  outOfMemoryOnce: 138,
  lost: 200,
  lostTwice: 201,
  toldToEndOnce: 143,
  endsWithoutResult: 300,
  sleeps: 400,
  otherMetric: 500,
  pauses: 600,
  pausesThenSleeps: 601,
  pausesThenFinishes: 602,
} as const;

/** Reads what it is called with as `run` does, and ends as its value says. */
export const program = `
while [ $# -gt 0 ]; do
  case $1 in --runs) runs=$2 ;; --into) run=$runs/$2 ;; --until-epoch) until=$2 ;;
    train.batchSize=*) value=\${1#*=} ;; esac
  shift
done
echo x >>"$runs/../starts-$value"
starts=$(wc -l <"$runs/../starts-$value")
finish() {
  echo "1 0.5 1" >"$run/metrics/$1"
  sed 's/^status: .*/status: 3/' "$run/meta.yaml" >"$run/meta.new" && mv "$run/meta.new" "$run/meta.yaml"
  exit 0
}
case $value in
  64) echo "error bad-value: that cannot be" >&2; exit 64 ;;
  137) kill -9 $$ ;;
  138) [ $starts -gt 1 ] || kill -9 $$ ;;
  200) kill -9 0 ;;
  201) [ $starts -gt 2 ] || kill -9 0 ;;
  143) [ $starts -gt 1 ] || kill -TERM $$ ;;
  300) exit 0 ;;
  400) sleep 60 ;;
  500) finish val_loss ;;
  600) echo "1 0.4 1" >"$run/metrics/val_accuracy"; exit 0 ;;
  601) [ "$until" ] || sleep 60; echo "1 0.9 1" >"$run/metrics/val_accuracy"; exit 0 ;;
  602) [ "$until" ] || finish val_accuracy; echo "1 0.4 1" >"$run/metrics/val_accuracy"; exit 0 ;;
esac
finish val_accuracy
`;
