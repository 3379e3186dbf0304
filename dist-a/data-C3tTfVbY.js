import { An as hideSecrets, Cs as warning, E as checkFile, Io as hasForm, Ss as misuse, _ as displayWidth, a as pipelineArgument, ao as showCount, b as Command, bs as failure, c as runsOption, f as showsColors, gs as formatShape, h as printDiagnostics, io as showBytes, jn as hideSecretsIn, l as setOption, n as defaultFile, p as diagnosticToJson, r as jsonOption, u as trackingUriOption, v as makeVisible, vs as UserError } from "./checks-359mGJ3h.js";
import { n as findRun } from "./find-run-DG75tBTj.js";
import { C as findingsOfReading, S as findingsOfCheck, _ as describeData, a as suspectsFile, c as suspectLabelsForm, f as load, h as showSamplePlace, o as suspectsTag } from "./train-outcome-BMKWouke.js";
import { t as writeOut } from "./write-out-BUhnOPa6.js";
import { i as parseBytes } from "./checkpoint-file-EvJ8jzTt.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { dirname, extname } from "node:path";
// src/base/mistakes/audio-mistakes.ts
/** Mistakes in folders of recordings. */
const audioMistakes = {
	"no-recordings": {
		means: "A folder holds no WAV file.",
		fix: "Put recordings right into it, or name another folder."
	},
	"foreign-recordings": {
		means: "A folder holds recordings in formats that cannot be read.",
		fix: "Convert all into a new folder; the hint has the command."
	},
	"recordings-left-out": {
		means: "Folders below a folder of recordings, hidden files or links that lead nowhere are left out.",
		fix: "Move recordings right into their folder, or the rest out of it.",
		severity: "warning"
	},
	"not-a-recording": {
		means: "A file whose name ends as that of a WAV file is none.",
		fix: "Convert or remove it."
	},
	"recording-encoding": {
		means: "A WAV file is compressed, or has samples of a kind that cannot be read.",
		fix: "Convert it to PCM; the hint has the command."
	},
	"damaged-recording": {
		means: "A recording is cut short, or its contents are damaged.",
		fix: "Get or save it again."
	},
	"empty-recording": {
		means: "A recording has no samples.",
		fix: "Get it again, or remove it."
	},
	"recording-rate": {
		means: "Recordings have other rates than `sampleRate`.",
		fix: "Name their rate, or convert them; the hint has the command."
	},
	"recording-lengths": {
		means: "Recordings are longer than `seconds`, and cut off, or shorter, and filled up with silence.",
		fix: "Nothing, where that is meant; otherwise another `seconds`.",
		severity: "warning"
	},
	"recording-in-two-classes": {
		means: "The same recording is in two classes.",
		fix: "Keep it in the one that is right.",
		severity: "warning"
	},
	"copied-recordings": {
		means: "Recordings are copies of others, so that the test may hold what was trained on.",
		fix: "Keep one of each.",
		severity: "warning"
	},
	"recordings-sampled": {
		means: "Of many recordings, the heads of some were looked at before the run, which reads all.",
		fix: "Nothing.",
		severity: "warning"
	},
	"recordings-to-skip": {
		means: "Recordings cannot be used, and `onError: skip` leaves them out.",
		fix: "Mend or remove them.",
		severity: "warning"
	},
	"recordings-skipped": {
		means: "Recordings were left out by `onError: skip`: reading all found them unusable.",
		fix: "Mend or remove them.",
		severity: "warning"
	},
	"spectrogram-misfit": {
		means: "No spectrogram can be made as the options of `audio` say.",
		fix: "Change the option that is named."
	}
};
// src/base/mistakes/data-mistakes.ts
/** Mistakes in files of data, whatever their format. */
const dataMistakes = {
	"data-file-missing": {
		means: "A file of data does not exist.",
		fix: "Correct the path; it counts from the folder of the pipeline file."
	},
	"data-folder-missing": {
		means: "A folder of data does not exist, or is a file.",
		fix: "Correct the path; it counts from the folder of the pipeline file."
	},
	"not-whitenable": {
		means: "Inputs are to be whitened (`whiten: zca`) that are indices, or more than 128 numbers.",
		fix: "Leave it out, or name fewer columns in `features`."
	},
	"dead-data-link": {
		means: "The path of a folder of data is a link that leads nowhere.",
		fix: "Mend or remove it."
	},
	"data-not-a-file": {
		means: "The path of a file of data leads to a folder, a pipe or a device.",
		fix: "Name a file."
	},
	"data-file-unreadable": {
		means: "A file or folder of data is there, but the system does not let it be read.",
		fix: "Give yourself the right to read it."
	},
	"data-file-too-large": {
		means: "A file of data has more bytes than one may have.",
		fix: "Give a part of it."
	},
	"damaged-gzip": {
		means: "A file that is packed with gzip is damaged, or not all of it is there.",
		fix: "Get or pack it again."
	},
	"data-not-text": {
		means: "A table or a text is not in UTF-8.",
		fix: "Save it as UTF-8; the hint has a command for it."
	},
	"data-hash-mismatch": {
		means: "A file is not the one that its `sha256` says: it is damaged, or was replaced.",
		fix: "Get it again; where it was replaced rightly, look at it and write its new `sha256`."
	},
	"address-without-hash": {
		means: "An address stands where the path of a file would.",
		fix: "Say what it must be, too: `{ url: ..., sha256: ... }`."
	},
	"bad-address": {
		means: "The `url` of a file of data is no address that a file can be fetched from.",
		fix: "Correct it."
	},
	"data-not-fetched": {
		means: "A file that an address names is not fetched yet: what depends on its contents cannot be checked.",
		fix: "`pipeline plan` and `pipeline run` fetch it.",
		severity: "either"
	},
	"data-not-fetchable": {
		means: "A file could not be fetched from its address.",
		fix: "See the reason: the network, the server, or the address."
	},
	"data-not-packed": {
		means: "Samples that are more than `data.memory` allows could not be written to `.layerline/packed`.",
		fix: "Make room there and make it writable, or raise `data.memory`."
	},
	"packed-data-damaged": {
		means: "A sample in `.layerline/packed` is no longer what was written: it was not trained on.",
		fix: "Run the file again: the data is packed anew."
	},
	"data-not-packable": {
		means: "Data is more than memory may hold, and is arrays in Fortran's order, of which no sample can be read by itself, or a table whose targets are texts.",
		fix: "Save arrays by `numpy.ascontiguousarray`, read fewer rows of a table, or raise `data.memory`."
	},
	"data-memory-too-small": {
		means: "`data.memory` is less than what is known of the samples takes, without the samples.",
		fix: "Raise it."
	},
	"data-not-kept": {
		means: "A file that was fetched could not be written to `.layerline/data`.",
		fix: "Make that writable, and make room there."
	},
	"kept-copy-damaged": {
		means: "The kept copy of a fetched file is damaged.",
		fix: "Nothing: it is fetched again.",
		severity: "warning"
	},
	"data-changed-meanwhile": {
		means: "Files of data changed while they were read.",
		fix: "Run the file again when nothing writes there any more.",
		severity: "either"
	},
	"data-changed-unseen": {
		means: "A large file of data holds other bytes than when it was hashed, though its size and times are the same.",
		fix: "Compare it with a copy: the disk may fail. The next run takes what is there now."
	},
	"too-many-samples": {
		means: "Samples that are made, such as pairs, would take more memory than they may.",
		fix: "Ask for fewer."
	},
	"no-test-samples": {
		means: "The share for the test is so small that no sample is in it.",
		fix: "Raise `test`, or add samples."
	},
	"test-is-train": {
		means: "The table for the test holds the rows that are trained on.",
		fix: "Name another file, or a share.",
		severity: "warning"
	},
	"class-without-samples": {
		means: "A class has no sample in the training, the validation or the test.",
		fix: "Add some, or take it out of the classes.",
		severity: "warning"
	},
	"class-of-one-sample": {
		means: "A class has one sample in all.",
		fix: "Add samples of it, or take it out of the classes.",
		severity: "warning"
	},
	"source-not-trained": {
		means: "Of one of the files or folders that a data set is read from, no sample is trained on.",
		fix: "Add samples to it, or change the split.",
		severity: "warning"
	},
	"alike-samples": {
		means: "Samples are copies of others.",
		fix: "Keep one of each, where nothing speaks for that some count more.",
		severity: "warning"
	},
	"sample-on-both-sides": {
		means: "Samples for validation or test are trained on, too.",
		fix: "Keep each on one side.",
		severity: "warning"
	},
	"one-input-two-labels": {
		means: "Two samples have the same inputs and different labels.",
		fix: "Mend the labels, or add what tells the two apart.",
		severity: "warning"
	},
	"suspect-labels": {
		means: "The training worked against the labels of some samples in all of its epochs: they are likely wrong.",
		fix: "Look at them: the artifact data/suspect-labels.csv ranks them. Mend what is wrong, or leave it out.",
		severity: "warning"
	},
	"constant-target": {
		means: "A number that is to be predicted is the same in all samples trained on.",
		fix: "Nothing but that number can be learnt: look at the data.",
		severity: "warning"
	},
	"large-numbers": {
		means: "A target is trained on as it is, with numbers so large that weights take very long to get there.",
		fix: "End with a layer without activation, so that it can be standardized, or write it in a larger unit.",
		severity: "warning"
	},
	"not-idx": {
		means: "A file is not an idx file of bytes, as those of MNIST are.",
		fix: "Get it again."
	},
	"idx-dimensions": {
		means: "An idx file has another number of dimensions than images or labels have.",
		fix: "Look whether images and labels are exchanged."
	},
	"idx-empty": {
		means: "The header of an idx file promises no value.",
		fix: "Get it again."
	},
	"idx-length": {
		means: "An idx file is shorter or longer than its header says.",
		fix: "Get it again."
	},
	"test-shape-differs": {
		means: "Test images have another size than training images.",
		fix: "Give files of one size."
	},
	"label-count": {
		means: "There are more images than labels, or fewer.",
		fix: "Give the two files that belong together."
	},
	"label-without-class": {
		means: "A label has a number beyond the classes that are named.",
		fix: "Name every class in `classes`."
	},
	"no-pairs": {
		means: "No pairs can be made: images are of one class, or no class has two.",
		fix: "Use data with at least two classes of two images."
	},
	"text-too-short": {
		means: "A text makes too few sequences to train and to test.",
		fix: "Use a longer text, or a smaller `steps`."
	},
	"character-count": {
		means: "A text has one character alone, or more different ones than can be learnt.",
		fix: "Write it in fewer: lower case, without rare signs."
	}
};
// src/base/mistakes/picture-mistakes.ts
/** Mistakes in folders of pictures and masks. */
const pictureMistakes = {
	"no-pictures": {
		means: "A folder holds no picture, or one of masks no PNG file.",
		fix: "Put pictures right into it, or name another folder."
	},
	"foreign-pictures": {
		means: "A folder holds pictures in formats that cannot be read; masks are PNG files.",
		fix: "Convert all into a new folder; the hint has the command."
	},
	"pictures-left-out": {
		means: "Folders below a folder of pictures, hidden files or links that lead nowhere are left out.",
		fix: "Move pictures right into their folder, or the rest out of it.",
		severity: "warning"
	},
	"file-name-encoding": {
		means: "Names of files are not in UTF-8, so that they cannot be opened.",
		fix: "Rename them with `convmv`; the hint has the command."
	},
	"not-png": {
		means: "A file whose name ends in .png is of another format.",
		fix: "Convert it."
	},
	"not-a-picture": {
		means: "A file whose name ends as that of a picture is none, or of a format that cannot be read.",
		fix: "Convert or remove it."
	},
	"picture-name-lies": {
		means: "Pictures are of another format than their names say; they are read as what they are.",
		fix: "Nothing; other programs may need the right names.",
		severity: "warning"
	},
	"several-frames": {
		means: "Pictures have several frames or pages, of which the first alone is read.",
		fix: "Nothing where that one is meant; otherwise save each frame as a picture.",
		severity: "warning"
	},
	"print-colours": {
		means: "Pictures are in CMYK, the colours of print, and are read in RGB.",
		fix: "Nothing; save them in RGB to choose the profile.",
		severity: "warning"
	},
	"pictures-sampled": {
		means: "Of many pictures, the heads of some were looked at before the run, which reads all.",
		fix: "Nothing.",
		severity: "warning"
	},
	"pictures-to-skip": {
		means: "Pictures cannot be used, and `onError: skip` leaves them out.",
		fix: "Mend or remove them.",
		severity: "warning"
	},
	"pictures-skipped": {
		means: "Pictures were left out by `onError: skip`: reading all found them unusable.",
		fix: "Mend or remove them.",
		severity: "warning"
	},
	"decoder-missing": {
		means: "sharp, which decodes JPEG, WebP, TIFF and GIF files and resizes pictures, cannot be loaded.",
		fix: "Install it for this machine: `npm install --include=optional sharp`."
	},
	"classes-and-table": {
		means: "`images` or `audio` has neither or both of a folder of class folders and what a table needs.",
		fix: "Give `folder`, or `table` with `label`."
	},
	"targets-said-twice": {
		means: "`images` says what is to be predicted by `targets`, and by `label` or `classes` too.",
		fix: "Keep one of them."
	},
	"targets-need-table": {
		means: "`targets` of `images` asks for numbers, several labels or several targets, and there are only folders.",
		fix: "Name a table of paths with a column for each target."
	},
	"repeated-picture": {
		means: "A table of pictures or recordings names one twice.",
		fix: "Keep one line for each."
	},
	"picture-path-outside": {
		means: "A table of pictures or recordings names one outside its folder.",
		fix: "Put them below it, or name the folder above them in `folder`."
	},
	"empty-picture": {
		means: "A picture has no bytes.",
		fix: "Get or save it again."
	},
	"damaged-picture": {
		means: "A picture is cut short, or its contents are damaged.",
		fix: "Get or save it again."
	},
	"picture-too-large": {
		means: "A picture has more values than one may have.",
		fix: "Make the pictures smaller."
	},
	"picture-shape-differs": {
		means: "Pictures differ in size, or some are in greys and others in colours.",
		fix: "`resize` brings them to one size, `channels` to greys or colours."
	},
	"sixteen-bit-picture": {
		means: "Pictures or masks have more than 8 bits per channel.",
		fix: "Save them with 8."
	},
	"transparent-picture": {
		means: "Pixels of a picture are not opaque: what is behind them is not said.",
		fix: "Put a background behind them; the hint has the command."
	},
	"mixed-alpha": {
		means: "Some pictures say how opaque each pixel is, and others do not; all are opaque.",
		fix: "Nothing, where pictures of both kinds belong together.",
		severity: "warning"
	},
	"class-count": {
		means: "A folder has fewer than two sub-folders with pictures or recordings, or more than can be learnt.",
		fix: "Give each class a sub-folder, or name those to be learnt in `classes`."
	},
	"unknown-class-folder": {
		means: "`classes` names something that is no sub-folder.",
		fix: "Name sub-folders right below the folder that is named."
	},
	"class-folders-differ": {
		means: "The folder for the test has a class that the one for the training does not have.",
		fix: "Give both the same sub-folders."
	},
	"alike-classes": {
		means: "Two classes have names that differ in case, blanks or accents' coding alone.",
		fix: "Put what they hold into one folder if they are one class.",
		severity: "warning"
	},
	"copied-into-test": {
		means: "Test pictures, or recordings, are training ones too, byte for byte.",
		fix: "Keep each in one of the folders.",
		severity: "warning"
	},
	"picture-in-two-classes": {
		means: "The same picture is in two classes.",
		fix: "Keep it in the one that is right.",
		severity: "warning"
	},
	"copied-pictures": {
		means: "Pictures are copies of others, so that the test may hold what was trained on.",
		fix: "Keep one of each.",
		severity: "warning"
	},
	"picture-without-mask": {
		means: "A picture has no mask of the same name.",
		fix: "Add it, or rename the mask."
	},
	"masks-left-out": {
		means: "Masks that belong to no picture are left out.",
		fix: "Give a mask the name of its picture.",
		severity: "warning"
	},
	"mask-size-differs": {
		means: "Masks have another size than the pictures.",
		fix: "Save each in the size of its picture."
	},
	"mask-with-channels": {
		means: "A mask has colours that are not of a palette.",
		fix: "Save it in greys, or with a palette: one value for each class."
	},
	"mask-value-without-class": {
		means: "A mask has a value that no class has.",
		fix: "Name every value in `classes`."
	},
	"repeated-class-value": {
		means: "Two classes of masks have one value.",
		fix: "Give each a value of its own."
	}
};
// src/base/mistakes/table-mistakes.ts
/** Mistakes in tables of numbers and texts. */
const tableMistakes = {
	"no-rows": {
		means: "A table has no line below the names of its columns.",
		fix: "Its first line must name the columns, and a line for each sample follow."
	},
	"uneven-row": {
		means: "A row has more or fewer cells than there are columns.",
		fix: "Correct the row or `delimiter`; a cell that holds that sign must stand in quotes."
	},
	"bad-quotes": {
		means: "A quote in a cell is never closed, or text stands behind the one that closes it.",
		fix: "Write a quote that belongs to the cell twice."
	},
	"damaged-parquet": {
		means: "A Parquet file is damaged, or written in a way that is not read.",
		fix: "Write it again; pandas does with `to_parquet`."
	},
	"unreadable-column": {
		means: "Cells of a column hold lists or objects, or are of a type that is neither number nor text.",
		fix: "Give each of their values a column of its own, or name in `features` what is learnt from without it."
	},
	"too-many-columns": {
		means: "A table has far more columns than can be learnt from.",
		fix: "Look at `delimiter`: a line is a sample, a column one number of each."
	},
	"duplicate-column": {
		means: "Two columns have one name.",
		fix: "Rename one."
	},
	"unknown-column": {
		means: "The source or the split names a column that the table does not have.",
		fix: "Correct the name; the hint shows those there are."
	},
	"columns-differ": {
		means: "The files of a table have different columns, or those of the test others than those of the training.",
		fix: "Give all the same, in the same order."
	},
	"missing-values": {
		means: "Cells have no value.",
		fix: "Fill them, or remove their rows."
	},
	"no-labels": {
		means: "A cell of a target of several labels does not say which the row has.",
		fix: "Write a list as JSON has it, or name what stands between two labels; columns of labels hold 0 and 1."
	},
	"wrong-target": {
		means: "A target of classes in order, of several labels, or that is a text, does not say one thing that it is.",
		fix: "Give it `ordinal`; `labels`, with `separator` where cells are no lists; `columns`; `words` or `characters`."
	},
	"answers-cut": {
		means: "Texts that are to be predicted have more words or characters than `length` says, and lose their end.",
		fix: "Raise `length`, or shorten the texts.",
		severity: "warning"
	},
	"unknown-order": {
		means: "Classes in order are left to the data, which tells that of numbers alone.",
		fix: "List them from the lowest to the highest: `rating: { ordinal: [bad, fair, good] }`."
	},
	"not-reconstructable": {
		means: "The input is to be learnt itself (`targets: input`), but the data has several, or one of indices.",
		fix: "Name all columns in one input of numbers, or say what is to be predicted."
	},
	"not-a-number": {
		means: "A cell of a column of numbers holds something else.",
		fix: "Correct it, or list the column in `categories`."
	},
	"number-too-large": {
		means: "A number is beyond what 32 bits hold.",
		fix: "Write the column in a larger unit."
	},
	"ambiguous-decimals": {
		means: "It cannot be told whether `,` or `.` stands in front of the decimals.",
		fix: "Say it in the source: `decimal: ','` or `decimal: '.'`."
	},
	"unknown-category": {
		means: "A cell holds none of the categories that are listed for its column.",
		fix: "Correct it, or add it to `categories`."
	},
	"number-not-exact": {
		means: "A column of numbers holds whole numbers that are too large to be exact.",
		fix: "Leave it out of `features`, or write it as floats."
	},
	"not-a-date": {
		means: "A column that gives the order of the rows has a cell that is no date.",
		fix: "Correct it, or remove the row."
	},
	"no-features": {
		means: "No column is left to learn from: all are targets or dates.",
		fix: "Take one out of `targets`, or name those to learn from in `features`."
	},
	"nothing-to-prepare": {
		means: "An entry of `prepare` is for no column that is learnt from.",
		fix: "Correct the name or the pattern; the hint shows the columns."
	},
	"wrong-preparation": {
		means: "A step of `prepare` cannot stand where it does, or its option cannot be.",
		fix: "Correct its option, or the order of the steps."
	},
	"unusable-value": {
		means: "A step of `prepare` makes no number of a value, as a logarithm of 0.",
		fix: "Correct the value, or prepare the column in another way."
	},
	"no-list-in-data": {
		means: "A column is no list of classes or categories, though the file leaves the list to it.",
		fix: "Leave the column out, predict or learn from it as a number, or hash it."
	},
	"no-vocabulary": {
		means: "A column of texts has no words, or more different ones than can be counted.",
		fix: "Take `characters`, or another column."
	},
	"not-standardizable": {
		means: "`standardize` names a column that is in no input, or is no number.",
		fix: "Name columns of numbers."
	},
	"constant-column": {
		means: "A column is the same in all rows trained on.",
		fix: "Leave it out of `features`.",
		severity: "warning"
	},
	"row-number-column": {
		means: "A column only counts the rows.",
		fix: "Leave it out of `features`.",
		severity: "warning"
	},
	"category-without-samples": {
		means: "No row trained on has one of the categories.",
		fix: "Add rows with it, or take it out of `categories`.",
		severity: "warning"
	},
	"target-as-feature": {
		means: "A column that is learnt from says the same as one that is to be predicted.",
		fix: "Leave it out of `features`: nobody has it for a new row.",
		severity: "warning"
	},
	"target-determined": {
		means: "Each value of a column goes with one class, or its numbers are the target in another unit.",
		fix: "Leave it out of `features`, where nobody has it for a new row before the answer is known.",
		severity: "warning"
	},
	outliers: {
		means: "A few numbers of a column stand ten times as far from its middle as any other.",
		fix: "Look at them: a slip, another unit, or a number that stands for none.",
		severity: "warning"
	},
	"time-at-random": {
		means: "The rows are of points in time, and validation or test are drawn from between those trained on.",
		fix: "Set `data.split.order` to the column of the time.",
		severity: "warning"
	},
	"wrong-cross": {
		means: "`cross` gives a column the name of another, or makes it of a target or of a cross.",
		fix: "Give it a name of its own, and make it of columns of the file that are not predicted."
	},
	"not-in-order": {
		means: "The rows are said to stand in the order of time, and a column with times goes back.",
		fix: "Sort by it: `data.split.order` names it.",
		severity: "warning"
	},
	"dividing-column": {
		means: "A column that says how rows are divided is to be learnt from or predicted, too.",
		fix: "Take it out of `features`, `categories` or `targets`."
	},
	"too-few-groups": {
		means: "`data.split.group` names a column with fewer groups than there are parts.",
		fix: "Name another column, give parts files of their own, or divide without `group`."
	},
	"row-in-no-part": {
		means: "The column that says the group or the part of each row is empty in one.",
		fix: "Fill the cell, or remove the row."
	},
	"unknown-part": {
		means: "The column that says the part of each row says something else.",
		fix: "Correct it, or say in `data.split.parts` what the parts are called."
	},
	"no-rows-for-part": {
		means: "The column that says the part of each row has none for training, for the test, or for one that `parts` names.",
		fix: "Give rows to it, or say in `data.split.parts` what it is called."
	},
	"group-on-both-sides": {
		means: "Files of the validation or of the test have groups that are trained on.",
		fix: "Move the rows of a group to one side.",
		severity: "warning"
	},
	"uneven-groups": {
		means: "A part has less than half or more than twice the rows that it was to have, as groups are not divided.",
		fix: "Divide by a column with more or smaller groups, or by one that says the parts.",
		severity: "warning"
	}
};
// src/commands/sample-sheet.ts
/** @throws UserError where a sheet's file has neither of the endings that one is drawn for */
function proveSheet(file) {
	if ([".svg", ".png"].includes(extname(file).toLowerCase())) return;
	throw misuse("sheet-format", `--sheet ${file} ends neither in .svg nor in .png`, "Name a file such as sheet.png.");
}
/** Draws samples into a file. @throws UserError where there is nothing to draw, or the file cannot be written */
async function writeSheet(file, { shown }) {
	if (shown === void 0) throw failure("nothing-to-draw", "the data is neither pictures of bytes, recordings nor a table: there is no sheet of it", "Leave --sheet out: what the data holds is told without it.");
	const [{ drawSheet }, { rasterize }] = await Promise.all([import("./training-samples-BpN1eX6I.js").then((n) => n.n), import("./rasterize-DbRa2_EG.js").then((n) => n.n)]);
	const { svg } = await drawSheet(hideSecretsIn(shown));
	const content = extname(file).toLowerCase() === ".png" ? await rasterize(svg) : onPaper(svg);
	writeOut(file, content);
}
/** By itself, a figure stands on whatever the viewer has behind it. */
const onPaper = (svg) => svg.replace(/<text /, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/><text ");
// src/commands/show-suspects.ts
/** Suspect labels that people are shown of a target. */
const mostShown = 40;
/**
* What a run tells of the labels that it was trained on, in text or as a line of JSON.
*
* @throws UserError where what is recorded of them cannot be read
*/
async function showSuspects(run, json) {
	const count = run.tags[suspectsTag];
	const labels = count === void 0 || count === "0" ? [] : await readSuspects(run);
	if (json) return `${JSON.stringify({
		runId: run.runId,
		watched: count !== void 0,
		labels
	})}\n`;
	if (count === void 0) return "labels    were not watched: that takes a target with one class per sample, without an order and without mixed labels\n";
	if (labels.length === 0) return "labels    none is suspect\n";
	return labels.map(describe$1).join("");
}
async function readSuspects(run) {
	const text = await run.artifact(suspectsFile);
	try {
		const read = parseBytes(new TextEncoder().encode(text));
		if (hasForm(suspectLabelsForm, read)) return read;
	} catch {}
	throw failure("run-not-readable", `${suspectsFile} of the run ${run.runId} does not say what one of this program says`);
}
function describe$1({ target, samples, suspects, ranking }) {
	const head = `labels    ${showCount(suspects)} of ${showCount(samples)} of ${target} are likely wrong`;
	const lines = ranking.slice(0, Math.min(suspects, mostShown)).map(({ place, label, predicted, margin }) => `          ${showSamplePlace(place)}: ${label}, the model says ${predicted} (margin ${margin.toPrecision(3)})`);
	const more = suspects > mostShown ? [`          and ${showCount(suspects - mostShown)} more`] : [];
	return [
		head,
		...lines,
		...more
	].map((line) => `${makeVisible(line)}\n`).join("");
}
// src/commands/data.ts
/** `pipeline data`: what a pipeline's data holds, and what is wrong or strange about it. */
function dataCommand() {
	return new Command("data").description("Show what the data of a pipeline holds and what is strange about it: classes of each part, ranges, copies, rows on both sides of the split, and more").addArgument(pipelineArgument()).addOption(setOption()).option("--run <run>", "which labels a run found likely wrong, and nothing else; the run as other commands take it").option("--sheet <file>", "draw some samples of each class into an .svg or .png file").addOption(jsonOption()).addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action((file, options) => options.run === void 0 ? data(file ?? defaultFile(), options) : labels(file, options.run, options));
}
/** @throws UserError where there is no such run, or a file is named too */
async function labels(file, reference, { json, set, sheet, runs, trackingUri = process.env["MLFLOW_TRACKING_URI"] }) {
	if (file !== void 0 || set.length > 0 || sheet !== void 0) throw misuse("data-of-run", "--run tells of a run, and a file, --set or --sheet of one to come", "Keep one.");
	const warn = (diagnostic) => process.stderr.write(printDiagnostics([diagnostic], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const told = await untilInterrupted(async (signal) => showSuspects(await findRun(reference, {
		runs,
		trackingUri
	}, {
		warn,
		signal
	}), json === true));
	process.stdout.write(told);
}
/** @throws UserError with exit code 1 where a run would refuse the data, 2 where it would refuse the file */
async function data(file, { json, set, sheet }) {
	if (sheet !== void 0) proveSheet(sheet);
	try {
		const checked = await checkFile(file, set, {
			emit: tellProgress(),
			untilInterrupted
		});
		const { pipeline, source } = checked;
		const loaded = await untilInterrupted((signal) => load({
			...pipeline.data,
			seed: pipeline.seed,
			folder: dirname(source.name),
			signal
		}));
		const findings = [...findingsOfCheck(checked), ...findingsOfReading(checked, loaded)];
		const record = describeData(loaded, findings);
		if (sheet !== void 0) await writeSheet(sheet, loaded);
		const told = findingsForPrograms(checked, findings);
		process.stdout.write(json === true ? `${JSON.stringify({
			...record.examined,
			files: record.files,
			findings: told
		})}\n` : describe(record, loaded.facts) + describeFindings(checked, findings));
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		const { diagnostics } = error;
		if (!diagnostics.every(({ severity, code }) => severity === "warning" || isOfData(code))) throw error;
		if (json === true) process.stdout.write(`${JSON.stringify({ findings: diagnostics.map((one) => ({
			...diagnosticToJson(one),
			places: []
		})) })}\n`);
		throw new UserError(json === true ? [] : diagnostics, 1);
	}
}
/** Whether a mistake is one of the data, not of the file that names it. */
function isOfData(code) {
	return [
		dataMistakes,
		tableMistakes,
		pictureMistakes,
		audioMistakes
	].some((table) => Object.hasOwn(table, code));
}
/** Findings with the places in the pipeline's file that the check has told them at. */
function diagnosticsOf({ warnings }, findings) {
	return findings.map(({ code, message, hint }) => warnings.find((one) => one.code === code && message.startsWith(one.message.replace(/\.$/, ""))) ?? warning(code, message, hint));
}
function findingsForPrograms(checked, findings) {
	return diagnosticsOf(checked, findings).map((one, k) => ({
		...diagnosticToJson(one),
		places: hideSecretsIn(findings[k].places)
	}));
}
function describeFindings(checked, findings) {
	if (findings.length === 0) return "findings  none\n";
	const shown = diagnosticsOf(checked, findings);
	return `findings  ${findings.length}\n\n` + printDiagnostics(shown, {
		color: showsColors(process.stdout),
		cwd: process.cwd()
	});
}
/** Lines of one kind that people are shown. */
const mostLines = 40;
function describe({ files }, { samples, sources, inputs, targets, alike }) {
	const numbers = [
		samples.training,
		samples.validation,
		samples.test
	].map(showCount);
	return [
		...files.map(({ name, bytes }, k) => `${k === 0 ? "files" : ""}\t${name}, ${showBytes(bytes)}`),
		`samples\t${numbers[0]} training, ${numbers[1]} validation, ${numbers[2]} test`,
		...sources === void 0 ? [] : [`sources\t${sources.length}`, ...inTable(asParts(sources))],
		...alike === null ? [] : [`alike\t${alike === 0 ? "no sample has " : countOf(alike)}the inputs of another`],
		...inputs.flatMap(({ name, shape, columns, ...range }) => [`input\t${name} ${formatShape(shape)}: ${showRange(range)}`, ...inTable(columns.map((one) => [one.column, showRange(one)]))]),
		...targets.flatMap((target) => "classes" in target ? [`target\t${target.name}: ${target.classes.length} ` + (target.several === true ? "labels, several at once" : `classes${target.ordinal === true ? ", in order" : ""}`), ...inTable(asParts(target.classes))] : [`target\t${target.name}: ${showRange(target)}`])
	].map((line) => {
		const [head, ...rest] = line.split("	");
		return `${head.padEnd(9)} ${makeVisible(hideSecrets(rest.join(" ")))}\n`;
	}).join("");
}
/** Counts of each part, by names. */
const asParts = (all) => [[
	"",
	"training",
	"validation",
	"test"
], ...all.map((one) => [one.name, ...[
	one.training,
	one.validation,
	one.test
].map(showCount)])];
const countOf = (alike) => alike === 1 ? "1 sample has " : `${showCount(alike)} samples have `;
function showRange({ smallest, largest, missing }) {
	const short = (value) => String(Number(value.toPrecision(6)));
	return `${short(smallest)} to ${short(largest)}${missing === 0 ? "" : `, ${showCount(missing)} missing`}`;
}
/** Rows of words, each column as wide as its longest. */
function inTable(rows) {
	const visible = rows.slice(0, mostLines).map((row) => row.map((word) => makeVisible(word.slice(0, 40))));
	const widths = (visible[0] ?? []).map((_, k) => Math.max(...visible.map((row) => displayWidth(row[k]))));
	const padding = (word, k) => " ".repeat(widths[k] - displayWidth(word));
	return [...visible.map((row) => `\t  ${row.map((word, k) => k === 0 ? word + padding(word, k) : padding(word, k) + word).join("  ")}`), ...rows.length > mostLines ? [`\t  and ${rows.length - mostLines} more`] : []];
}
export { dataCommand };
