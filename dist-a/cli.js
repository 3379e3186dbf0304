#!/usr/bin/env node
import { t as userCache } from "./user-cache-DpqCdVqX.js";
import nodeModule from "node:module";
import { join } from "node:path";
// src/cli.ts
if ("enableCompileCache" in nodeModule && typeof nodeModule.enableCompileCache === "function") nodeModule.enableCompileCache(join(userCache(), "compiled"));
import("./checks-359mGJ3h.js").then((n) => n.t).then(({ runProgram }) => runProgram());
export {};
