#!/usr/bin/env node
import { join } from 'node:path';
import { keepCompiled } from './base/keep-compiled.ts';
import { userCache } from './base/user-cache.ts';

// Commands start a third sooner: of what is imported after this, so the program is. Not in Node's own place, as that is
// below `/tmp`, where others may put code for us.
keepCompiled(join(userCache(), 'compiled'), import.meta.dirname);
void import('./program.ts').then(({ runProgram }) => runProgram());
