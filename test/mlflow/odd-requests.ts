/** A body for `/invocations` that is wrong, or that some would refuse. */
export interface OddRequest {
  readonly name: string;
  readonly body: string | Uint8Array;
  /** JSON where it is left out. */
  readonly type?: string;
  /** What our refusal has to say; left out: it is no refusal. */
  readonly place?: RegExp;
  /**
   * Why MLflow's answer is of another kind: `no number`, it answers with NaN or Infinity; `more`, we take more than it
   * does. Left out: it is of the same.
   */
  readonly differs?: 'no number' | 'more';
}

const of = (body: unknown) => JSON.stringify(body);

/** Of a net that takes pictures of 28 x 28 x 1. @param picture one of them */
export function oddPictures(picture: readonly (readonly (readonly number[])[])[]): readonly OddRequest[] {
  const each = (change: (grey: number) => unknown) => picture.map((line) => line.map(([grey]) => [change(grey!)]));
  const first = (value: string) => of({ inputs: [picture] }).replace(/\d[\d.]*/, value);
  const inputs = [picture];
  return [
    {
      name: 'one row without the list of rows',
      body: of({ inputs: picture }),
      place: /^inputs\[0\]: expected 28 x 28/,
    },
    { name: 'flat', body: of({ inputs: [picture.flat(2)] }), place: /^inputs\[0\]: expected 28 x 28 x 1, got 784$/ },
    { name: 'narrow', body: of({ inputs: [picture.map((line) => line.slice(1))] }), place: /got 28 x 27 x 1$/ },
    {
      name: 'uneven',
      body: of({ inputs: [[...picture.slice(1), picture[0]!.slice(1)]] }),
      place: /^inputs\[0\]\[27\]: expected 28 values, got 27$/,
    },
    { name: 'a text for numbers', body: of({ inputs: 'seven' }), place: /^inputs is a text/ },
    { name: 'a number for lists', body: of({ inputs: 5 }), place: /^inputs is a number/ },
    { name: 'a word for a number', body: first('"x"'), place: /^inputs\[0\]\[0\]\[0\]\[0\] is a text/ },
    { name: 'null in a row', body: first('null'), place: /^inputs\[0\]\[0\]\[0\]\[0\] is null/, differs: 'no number' },
    { name: 'NaN', body: first('NaN'), place: /^the body is not JSON: column 15 has `NaN/, differs: 'no number' },
    { name: 'Infinity', body: first('-Infinity'), place: /JSON has no NaN and no Infinity/, differs: 'no number' },
    { name: 'beyond float64', body: first('1e400'), place: /^inputs\[0\]\[0\]\[0\]\[0\] is Inf/, differs: 'no number' },
    {
      name: 'beyond float32',
      body: first('1e39'),
      place: /^inputs\[0\]\[0\]\[0\]\[0\] is 1e\+39/,
      differs: 'no number',
    },
    { name: 'a huge whole number', body: first('123456789012345678901234567890') },
    { name: 'numbers as texts', body: of({ inputs: [each(String)] }) },
    { name: 'true and false', body: of({ instances: [each((grey) => grey > 0.5)] }) },
    { name: 'no rows', body: of({ inputs: [] }), place: /^inputs has no rows$/ },
    { name: 'nothing', body: of({}), place: /exactly one of .*, and has none$/ },
    { name: 'null', body: 'null', place: /^the body is null/ },
    { name: 'a list', body: '[1]', place: /^the body is a list/ },
    { name: 'no body', body: '', place: /^the body is not JSON: it ends too early, at column 1$/ },
    { name: 'half a body', body: '{"inputs": [1,', place: /^the body is not JSON: it ends too early, at column 15$/ },
    { name: 'no UTF-8', body: Uint8Array.of(123, 34, 255, 34, 58, 49, 125), place: /^the body is not UTF-8$/ },
    { name: 'two forms', body: of({ inputs, instances: inputs }), place: /has `inputs` and `instances`$/ },
    {
      name: 'a form misspelt',
      body: of({ input: inputs }),
      place: /`input`, which is unknown. Did you mean `inputs`\?/,
    },
    { name: 'the form of MLflow 1', body: of({ columns: ['a'], data: [[1]] }), place: /`columns`, which is unknown/ },
    { name: 'the signature of TensorFlow Serving', body: of({ signature_name: 'serving_default', instances: inputs }) },
    { name: 'params', body: of({ inputs, params: { temperature: 0.5 } }) },
    { name: 'params that are none', body: of({ inputs, params: [1] }) },
    { name: 'a column that is none', body: of({ dataframe_records: [{ a: 1 }] }), place: /\[0\] has no `input`/ },
    { name: 'named though it is alone', body: of({ inputs: { input: inputs } }), differs: 'more' },
    { name: 'text', type: 'text/plain', body: of({ inputs }), place: /^Content-Type has to be/ },
    { name: 'Latin-1', type: 'application/json; charset=latin-1', body: of({ inputs }), place: /charset=latin-1/ },
    { name: 'UTF-8 as it says', type: 'application/json; charset=UTF-8', body: of({ inputs }) },
    { name: 'a table', type: 'text/csv', body: 'a,b\n1,2\n1,2,3\n', place: /the model takes pictures/ },
  ];
}

/** Of a net that takes `measures`, three numbers, and `origin`, five, from a table of other columns. */
export function oddTables(measures: readonly (readonly number[])[], origin: typeof measures): readonly OddRequest[] {
  const rows = measures.map((one, k) => ({ measures: one, origin: origin[k]! }));
  const inputs = { measures, origin };
  const columns = ['origin', 'measures'];
  const data = rows.map((row) => [row.origin, row.measures]);
  const raw = { bill_length_mm: 39, bill_depth_mm: 18, flipper_length_mm: 180, island: 'Biscoe', sex: 'male' };
  return [
    { name: 'a frame of lists', body: of({ dataframe_records: rows }) },
    { name: 'a frame of lists by columns', body: of({ dataframe_split: { columns, data } }) },
    {
      name: 'a frame of lists, one too short',
      body: of({ dataframe_records: [rows[0], { ...rows[1], measures: [1, 2] }] }),
      place: /^dataframe_records\[1\]\.measures: expected 3, got 2$/,
    },
    {
      name: 'a frame of lists, one missing',
      body: of({ dataframe_records: [rows[0], { measures: [1, 2, 3] }] }),
      place: /^dataframe_records\[1\] has no `origin`/,
    },
    { name: 'a frame of the data', body: of({ dataframe_records: [raw] }), differs: 'more' },
    { name: 'an input missing', body: of({ inputs: { measures } }), place: /^inputs has no `origin`/ },
    {
      name: 'an input misspelt',
      body: of({ inputs: { measure: measures, origin } }),
      place: /no `measures`.*has measure/,
    },
    { name: 'an input more', body: of({ inputs: { ...inputs, more: [[1]] } }) },
    { name: 'an input more in a row', body: of({ instances: [{ ...rows[0], more: [1] }] }) },
    {
      name: 'missing in the second row',
      body: of({ instances: [rows[0], { measures: [1, 2, 3] }] }),
      place: /^instances\[1\]/,
    },
    { name: 'without names', body: of({ inputs: measures }), place: /name the model's inputs: measures, origin$/ },
    { name: 'uneven inputs', body: of({ inputs: { measures, origin: [origin[0]] } }), place: /origin has 1 rows/ },
    {
      name: 'one row alone',
      body: of({ inputs: { measures: [1, 2, 3], origin: [1, 0, 0, 0, 1] } }),
      place: /measures\[0\]/,
    },
    {
      name: 'a null row',
      body: of({ inputs: { measures: [null, [1, 2, 3]], origin } }),
      place: /measures\[0\]: .*null$/,
    },
    { name: 'null for all', body: of({ inputs: null }), place: /^inputs is null/ },
    { name: 'no records', body: of({ dataframe_records: [] }), place: /^dataframe_records has no rows$/ },
    {
      name: 'records that are no list',
      body: of({ dataframe_records: inputs }),
      place: /^dataframe_records is an object/,
    },
    {
      name: 'a row too short',
      body: of({ dataframe_split: { columns, data: [[1]] } }),
      place: /\[0\] has 1 values for 2 col/,
    },
    {
      name: 'columns without rows',
      body: of({ dataframe_split: { columns } }),
      place: /^dataframe_split\.data is missing$/,
    },
    {
      name: 'rows without columns',
      body: of({ dataframe_split: { data } }),
      place: /^dataframe_split\.columns is missing$/,
    },
    {
      name: 'a table of other columns',
      type: 'text/csv',
      body: 'a,b\n1,2\n',
      place: /^the body has no `bill_length_mm`/,
    },
    { name: 'an uneven table', type: 'text/csv', body: 'a,b\n1,2\n1,2,3\n', place: /^the body(, line 3)?:? has/ },
    { name: 'an empty table', type: 'text/csv', body: '', place: /^the body has no rows/ },
  ];
}
