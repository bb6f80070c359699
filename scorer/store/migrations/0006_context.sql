-- What a prompt may show beside a task: the titles of its detailed work activities.
ALTER TABLE task ADD COLUMN activities VARCHAR[] DEFAULT [];
