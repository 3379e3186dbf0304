import { largestWhole } from '../../base/numbers.ts';
import { showCount } from '../../base/quantities.ts';

/** A part of an arithmetic text, and where it is in it. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** Whole numbers and names, taken apart. */
export type Expression = Place &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'operation'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  );

/** What is wrong with an arithmetic text, or with the numbers in it. */
export interface ArithmeticFault extends Place {
  readonly problem: string;
}

/** A text that anyone can still read. */
const lengthLimit = 200;

/** Tells a fault from a result. */
export function isFault(value: unknown): value is ArithmeticFault {
  return typeof value === 'object' && value !== null && 'problem' in value;
}

/** Takes `4*(narrow+1)` apart: whole numbers, names, `+ - * /` with the usual precedence, parentheses. */
export function parseArithmetic(text: string): Expression | ArithmeticFault {
  if (text.length > lengthLimit)
    return {
      problem: `Arithmetic of ${showCount(text.length)} characters; at most ${lengthLimit} are read`,
      start: 0,
      end: text.length,
    };
  const tokens = [...text.matchAll(/[A-Za-z_]\w*|\d[\w.]*|\S/g)].map(({ 0: word, index }): Token => ({
    word,
    start: index,
    end: index + word.length,
  }));
  const parser = new Parser(tokens, text.length);
  const result = parser.sum();
  return isFault(result) ? result : (parser.rest() ?? result);
}

/** The names in an expression. */
export function namesIn(expression: Expression): readonly (Place & { readonly name: string })[] {
  if (expression.kind === 'operation') return [...namesIn(expression.left), ...namesIn(expression.right)];
  return expression.kind === 'name' ? [expression] : [];
}

/**
 * The value of an expression: whole at each step, and not negative.
 *
 * @param valueOf undefined for a name that is no whole number
 */
export function evaluate(
  expression: Expression,
  valueOf: (name: string) => number | undefined,
): number | ArithmeticFault {
  const result = compute(expression, valueOf);
  if (isFault(result) || result >= 0) return result;
  return { problem: `it is ${result}, and sizes are not negative`, start: expression.start, end: expression.end };
}

function compute(expression: Expression, valueOf: (name: string) => number | undefined): number | ArithmeticFault {
  const { start, end } = expression;
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'name')
    return valueOf(expression.name) ?? { problem: `\`${expression.name}\` is no whole number`, start, end };
  const left = compute(expression.left, valueOf);
  if (isFault(left)) return left;
  const right = compute(expression.right, valueOf);
  if (isFault(right)) return right;
  const { operator } = expression;
  if (operator === '/' && right === 0) return { problem: `${left} / 0 has no value`, start, end };
  const result = apply(operator, left, right);
  if (!Number.isInteger(result)) return { problem: `${left} / ${right} is not whole`, start, end };
  return Math.abs(result) <= largestWhole
    ? result + 0
    : { problem: `${left} ${operator} ${right} is more than ${largestWhole}`, start, end };
}

function apply(operator: string, left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}

interface Token extends Place {
  readonly word: string;
}

class Parser {
  private readonly tokens: readonly Token[];
  private readonly length: number;
  private at = 0;

  constructor(tokens: readonly Token[], length: number) {
    [this.tokens, this.length] = [tokens, length];
  }

  /** A fault where something stands after the end. */
  rest(): ArithmeticFault | undefined {
    const token = this.tokens[this.at];
    return token && fault(`\`${token.word}\` does not belong here`, token);
  }

  sum(): Expression | ArithmeticFault {
    return this.chain(['+', '-'], () => this.chain(['*', '/'], () => this.operand()));
  }

  private chain(operators: readonly string[], next: () => Expression | ArithmeticFault): Expression | ArithmeticFault {
    let left = next();
    while (!isFault(left) && operators.includes(this.tokens[this.at]?.word ?? '')) {
      const operator = this.tokens[this.at++]!.word;
      const right = next();
      if (isFault(right)) return right;
      left = { kind: 'operation', operator, left, right, start: left.start, end: right.end };
    }
    return left;
  }

  private operand(): Expression | ArithmeticFault {
    const token = this.tokens[this.at++];
    if (token === undefined) return fault('A number or a name is missing', { start: this.length, end: this.length });
    const { word, start, end } = token;
    if (word === '(') {
      const inside = this.sum();
      if (isFault(inside)) return inside;
      const close = this.tokens[this.at++];
      if (close?.word === ')') return inside.kind === 'operation' ? { ...inside, start, end: close.end } : inside;
      return fault('This parenthesis is never closed', token);
    }
    if (/^[A-Za-z_]/.test(word)) return { kind: 'name', name: word, start, end };
    if (/^\d+$/.test(word))
      return Number(word) <= largestWhole
        ? { kind: 'number', value: Number(word), start, end }
        : fault(`\`${word}\` is more than ${largestWhole}`, token);
    return fault(
      /^\d/.test(word) ? `\`${word}\` is no whole number` : `A number or a name is missing before \`${word}\``,
      token,
    );
  }
}

function fault(problem: string, { start, end }: Place): ArithmeticFault {
  return { problem, start, end };
}
