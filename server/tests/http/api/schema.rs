//! Answers and examples against the schemas of the document: what a programmer reads there is what
//! he gets.

use serde_json::Value;

pub struct Schemas<'a> {
    document: &'a Value,
}

impl<'a> Schemas<'a> {
    pub fn of(document: &'a Value) -> Self {
        Self { document }
    }

    fn resolved(&self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            None => schema,
            Some(name) => self.document.pointer(name.trim_start_matches('#')).unwrap(),
        }
    }

    fn operation(&self, method: &str, path: &str) -> &'a Value {
        &self.document["paths"][format!("/api/v1{path}")][method]
    }

    /// The documented example of a body, where there is a body.
    pub fn example_body(&self, method: &str, path: &str) -> Option<Value> {
        let body = self.operation(method, path).get("requestBody")?;
        let schema = self.resolved(&body["content"]["application/json"]["schema"]);
        assert!(schema["example"].is_object(), "{method} {path} shows no body");
        Some(schema["example"].clone())
    }

    pub fn check_answer(&self, method: &str, path: &str, status: &str, answer: &Value) {
        let response = &self.operation(method, path)["responses"][status];
        let schema = &response["content"]["application/json"]["schema"];
        self.check(schema, answer, &format!("{method} {path}"));
    }

    /// Every example of a component has the shape of the component.
    pub fn check_examples(&self) {
        for (name, schema) in self.document["components"]["schemas"].as_object().unwrap() {
            if let Some(example) = schema.get("example") {
                self.check(schema, example, &format!("the example of {name}"));
                check_codes(example, name);
            }
        }
    }

    fn check(&self, schema: &'a Value, value: &Value, at: &str) {
        let schema = self.resolved(schema);
        if let Some(choices) = schema["oneOf"].as_array() {
            let choices = choices.iter().map(|choice| self.resolved(choice));
            let is_null = |choice: &&Value| choice["type"] == "null";
            let mut of_kind = choices.filter(|choice| is_null(choice) == value.is_null());
            let choice = of_kind.find(|choice| fits(choice, value));
            self.check(choice.unwrap_or_else(|| panic!("{at}: {value}")), value, at);
            return;
        }
        assert!(fits(schema, value), "{at}: {value} is not {}", schema["type"]);
        if let (Some(properties), Some(fields)) =
            (schema["properties"].as_object(), value.as_object())
        {
            for (name, field) in fields {
                let property = properties.get(name);
                let property = property.unwrap_or_else(|| panic!("{at} does not document {name}"));
                self.check(property, field, &format!("{at}.{name}"));
            }
            for name in schema["required"].as_array().into_iter().flatten() {
                let name = name.as_str().unwrap();
                assert!(fields.contains_key(name), "{at} has no {name}");
            }
        }
        for item in value.as_array().into_iter().flatten() {
            self.check(&schema["items"], item, &format!("{at}[]"));
        }
    }
}

/// Whoever copies a code from an example must not be told that it was mistyped.
fn check_codes(example: &Value, name: &str) {
    for (field, value) in example.as_object().into_iter().flatten() {
        check_codes(value, name);
        let code = value.as_str().filter(|code| code.len() == 11 && field.ends_with("code"));
        if let Some(code) = code {
            assert!(domain::code::Code::parse(code).is_ok(), "{name}: {code}");
        }
    }
    for item in example.as_array().into_iter().flatten() {
        check_codes(item, name);
    }
}

/// Whether a value is of the type, or of one of the types, that the schema names.
fn fits(schema: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str().unwrap() {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other}"),
    };
    let named = &schema["type"];
    match named.as_array() {
        Some(names) => names.iter().any(is),
        None => named.is_null() || is(named),
    }
}
