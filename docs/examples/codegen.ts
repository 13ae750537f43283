import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../server/schema.graphql",
  documents: ["src/**/*.graphql"],
  generates: {
    "src/generated.ts": {
      plugins: ["typescript", "typescript-operations"],
      config: {
        // How the scalars of the schema travel in JSON.
        scalars: { Date: "string", DateTime: "string", Int64: "number", MinorUnits: "number" },
        strictScalars: true,
        enumsAsTypes: true,
        avoidOptionals: { field: true },
      },
    },
  },
};

export default config;
