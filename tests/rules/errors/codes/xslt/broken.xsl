this is no stylesheet
