import { b as Command, y as Argument } from "./checks-359mGJ3h.js";
// src/commands/completion.ts
const shells = [
	"bash",
	"zsh",
	"fish"
];
/** `pipeline completion`: a script for the shell. @param others every other command, loaded when it is called */
function completionCommand(others) {
	return new Command("completion").description("Print a script that completes commands, options and files: eval \"$(pipeline completion bash)\", or pipeline completion fish | source").addArgument(new Argument("<shell>", "your shell").choices(shells)).action(async (shell) => {
		const commands = (await others()).map(wordsOf);
		process.stdout.write(scripts[shell]([...commands, {
			name: "completion",
			description: "Print a completion script",
			options: [],
			choices: [shells]
		}]));
	});
}
function wordsOf(command) {
	return {
		name: command.name(),
		description: firstSentence(command.description()),
		options: command.options.filter(({ hidden }) => !hidden).map(({ long, short, description }) => ({
			flag: long ?? short ?? "",
			description: firstSentence(description)
		})),
		choices: command.commands.length > 0 ? [command.commands.map((one) => one.name())] : command.registeredArguments.map(({ argChoices }) => argChoices ?? [])
	};
}
const firstSentence = (text) => /^[^;:.]*/.exec(text)[0].trim();
const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
const scripts = {
	bash: (commands) => `# Completion of pipeline for bash: eval "$(pipeline completion bash)"
_pipeline() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words='' place=0 i
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(" ")} --help --version' -- "$word"))
    return
  fi
  for (( i = 2; i < COMP_CWORD; i++ )); do [[ "\${COMP_WORDS[i]}" == -* ]] || (( place++ )); done
  case "\${COMP_WORDS[1]}" in
${commands.map(({ name, options, choices }) => `    ${name})
      if [[ "$word" == -* ]]; then words='${[...options.map(({ flag }) => flag), "--help"].join(" ")}'
      else case $place in
${choices.flatMap((words, place) => words.length === 0 ? [] : [`        ${place}) words='${words.join(" ")}' ;;`]).join("\n")}
      esac; fi ;;`).join("\n")}
  esac
  if [[ -n "$words" ]]; then COMPREPLY=($(compgen -W "$words" -- "$word"))
  elif [[ "$word" != -* ]]; then
    compopt -o filenames 2>/dev/null
    local IFS=$'\n'
    COMPREPLY=($(compgen -d -- "$word") $(compgen -f -X '!*.@(yaml|yml)' -- "$word"))
  fi
}
shopt -s extglob
complete -F _pipeline pipeline
`,
	zsh: (commands) => `#compdef pipeline
# Completion of pipeline for zsh: eval "$(pipeline completion zsh)"
_pipeline() {
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quote(`${name}:${description}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(({ name, options, choices }) => `    ${name})
      _arguments ${[
		...options.map(({ flag, description }) => quote(`*${flag}[${description.replaceAll(/[[\]]/g, "")}]`)),
		...choices.map((words, place) => quote(words.length > 0 ? `${place + 1}:${name}:(${words.join(" ")})` : `${place + 1}:file:_files -g "*.(yaml|yml)"`)),
		...choices.length === 0 ? [] : [quote("*:file:_files -g \"*.(yaml|yml)\"")]
	].join(" \\\n        ")} ;;`).join("\n")}
  esac
}
compdef _pipeline pipeline
`,
	fish: (commands) => `# Completion of pipeline for fish: pipeline completion fish | source
complete -c pipeline -f
${commands.flatMap(({ name, description, options, choices }) => [
		`complete -c pipeline -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
		...options.map(({ flag, description: about }) => `complete -c pipeline -n '__fish_seen_subcommand_from ${name}' -l ${flag.replace(/^--/, "")} -d ${quote(about)}`),
		...choices.filter((words) => words.length > 0).map((words) => `complete -c pipeline -n '__fish_seen_subcommand_from ${name}' -a ${quote(words.join(" "))}`),
		...choices.some((words) => words.length === 0) ? [`complete -c pipeline -n '__fish_seen_subcommand_from ${name}' -k -a '(__fish_complete_suffix .yaml)'`] : []
	]).join("\n")}
`
};
export { completionCommand };
