#!/usr/bin/env node
// `generator sluice` of schema.prisma: writes the model graph at `prisma generate`. Plain JavaScript,
// since it runs before anything is built.
//
//   generator sluice {
//     provider = "node ./src/model/generator/sluice-generator.mjs"
//     output   = "../src/generated"        // a folder, or a file that ends in .json
//   }
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import helper from '@prisma/generator-helper';
import { buildModelGraph } from './build-model-graph.mjs';

helper.generatorHandler({
  onManifest: () => ({ prettyName: 'Sluice model graph', defaultOutput: '../src/generated' }),

  async onGenerate({ dmmf, datamodel, datasources, generator }) {
    const graph = buildModelGraph({
      models: dmmf.datamodel.models,
      enums: dmmf.datamodel.enums,
      datamodel,
      datasources,
    });
    const output = generator.output?.value ?? '.';
    const file = output.endsWith('.json') ? output : path.join(output, 'model-graph.json');
    await mkdir(path.dirname(file), { recursive: true });
    // Written aside and renamed: whoever watches the file never reads half of it.
    const unfinished = `${file}.${process.pid}`;
    await writeFile(unfinished, `${JSON.stringify(graph, null, 2)}\n`);
    await rename(unfinished, file);
  },
});
