import { Option } from 'commander';

/** `--set PATH=VALUE`, as often as one likes: lays values over the file. */
export function setOption(): Option {
  return new Option(
    '--set <path=value>',
    'replace one value of the file, such as train.epochs=3 or model.layers[0]="conv 5x5x32"; may be repeated',
  )
    .argParser((text: string, earlier: readonly string[]) => [...earlier, text])
    .default([], 'none');
}
