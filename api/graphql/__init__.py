"""The GraphQL door: the same facts as the REST API's, by the shape that a reader asks for."""
